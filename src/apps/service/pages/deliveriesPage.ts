import { html } from "../../../page/html.ts";
import { type Caller, may } from "../access/policy.ts";
import type { DeliveryPage, DeliveryQuery } from "../delivery/listDeliveries.ts";
import { type DeliveryState, deliveryStates } from "../delivery/states.ts";
import { deliveriesTable } from "./deliveriesTable.ts";
import { frame } from "./frame.ts";
import { action } from "./words.ts";

/** Results on their way to the destinations; those that were given up can be sent again, all at once. */
export function deliveriesPage(
  { deliveries, next }: DeliveryPage,
  asked: DeliveryQuery,
  counts: Readonly<Record<DeliveryState, number>>,
  caller: Caller,
): string {
  const address = (own: Partial<Record<"state" | "before", string | number | undefined>>) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries({
      state: asked.state,
      destination: asked.destination,
      ...own,
    }))
      if (value !== undefined) parameters.set(name, String(value));
    return `/deliveries?${parameters}`;
  };
  return frame(
    "Deliveries",
    html`<p class="kicker"><a href="/">Worklist</a></p>
<h1>Deliveries</h1>`,
    html`<nav aria-label="States"><ul class="states">
<li>${link(address({ state: undefined }), "all", asked.state === undefined)}</li>
${deliveryStates.map((state) => html`<li>${link(address({ state }), `${state} ${counts[state]}`, asked.state === state)}</li>`)}
</ul></nav>
${counts.failed > 0 && may(caller, "replay deliveries") && html`<div class="actions">${action("/deliveries/replay", "Send all failed ones again")}</div>`}
${deliveries.length === 0 ? html`<p class="empty">There is none.</p>` : deliveriesTable(deliveries, "all", caller)}
<nav class="pages" aria-label="Pages">${asked.before !== undefined && html`<a href="${address({})}">First page</a>`}${next !== undefined && html`<a href="${address({ before: next })}" rel="next">Next page</a>`}</nav>`,
    caller,
  );
}

const link = (href: string, text: string, isCurrent: boolean) =>
  isCurrent ? html`<a href="${href}" aria-current="true">${text}</a>` : html`<a href="${href}">${text}</a>`;
