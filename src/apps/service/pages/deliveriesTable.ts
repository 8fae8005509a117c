import { html, type Markup } from "../../../page/html.ts";
import { type Caller, may } from "../access/policy.ts";
import type { DeliveryLine } from "../delivery/listDeliveries.ts";
import { mayReplay } from "../delivery/replayDelivery.ts";
import { action, moment } from "./words.ts";

/** Results on their way, with a button for each. @param of one study, or of all: then each names its own */
export const deliveriesTable = (
  deliveries: readonly DeliveryLine[],
  of: "study" | "all",
  caller: Caller,
): Markup => html`<div class="scroll"><table>
<caption>The latest first</caption>
<thead><tr><th scope="col">To</th>${of === "all" && html`<th scope="col">Study</th>`}<th scope="col">State</th><th scope="col" class="num">Tries</th><th scope="col">Why not</th><th scope="col">Last change</th><th scope="col">Next try</th><th scope="col"><span class="unseen">What to do</span></th></tr></thead>
<tbody>${deliveries.map((delivery) => row(delivery, of, may(caller, "replay deliveries")))}</tbody>
</table></div>`;

const row = (
  { id, studyUid, destination, state, tries, code, reason, changedAt, nextAt }: DeliveryLine,
  of: "study" | "all",
  isAllowed: boolean,
): Markup => html`<tr>
<th scope="row" class="whole">${destination}</th>${of === "all" && html`<td data-name="Study"><a href="/studies/${studyUid}">${studyUid}</a></td>`}<td data-name="State"><span class="state ${state}">${state}</span></td><td data-name="Tries" class="num">${tries}</td><td data-name="Why not">${code !== null && `${code}: ${reason}`}</td><td data-name="Last change">${moment(changedAt)}</td><td data-name="Next try">${nextAt !== null && moment(nextAt)}</td><td class="whole">${isAllowed && mayReplay.includes(state) && action(`/deliveries/${id}/replay`, state === "waiting" ? "Send now" : "Send again", `to ${destination}`)}</td>
</tr>`;
