import { html, type Markup } from "../../../page/html.ts";
import type { Caller } from "../access/policy.ts";
import type { AuditEntry } from "../audit/entry.ts";
import { frame, toWorklist } from "./frame.ts";

/** So many entries a page has. */
export const auditPageLength = 100;

/** A page of the audit log. @param after number of the entry before the first */
export function auditLogPage(entries: readonly AuditEntry[], after: number, caller: Caller): string {
  const earlier = Math.max(0, after - auditPageLength);
  return frame(
    "Audit log",
    html`${toWorklist(caller)}
<h1>Audit log</h1>`,
    html`<p>All of it as a file: <a href="/audit/export?format=jsonl">entries as they are hashed</a>, <a href="/audit/export?format=fhir">FHIR AuditEvents</a>. The command <code>trinephron audit verify</code> checks that nothing was changed.</p>
${entries.length === 0 ? html`<p class="empty">There is none.</p>` : table(entries)}
<nav class="pages" aria-label="Pages">${after > 0 && html`<a href="/audit?after=${earlier}" rel="prev">Earlier entries</a>`}${entries.length === auditPageLength && html`<a href="/audit?after=${entries.at(-1)!.id}" rel="next">Later entries</a>`}<a href="/audit">Last entries</a></nav>`,
    caller,
  );
}

const table = (entries: readonly AuditEntry[]): Markup => html`<div class="scroll"><table>
<thead><tr><th scope="col" class="num">Entry</th><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Study</th><th scope="col">Details</th></tr></thead>
<tbody>${entries.map(row)}</tbody>
</table></div>`;

const row = ({
  id,
  moment,
  actor,
  way,
  aeTitle,
  address,
  action,
  studyUid,
  detail,
}: AuditEntry): Markup => html`<tr>
<th scope="row" class="num">${id}</th><td data-name="When"><time datetime="${moment}">${moment.slice(0, 19).replace("T", " ")} UTC</time></td><td data-name="Who">${actor}<span class="sub">${[way, aeTitle, address].filter(Boolean).join(" · ")}</span></td><td data-name="What">${action}</td><td data-name="Study">${studyUid}</td><td data-name="Details">${detail === "{}" ? "" : detail}</td>
</tr>`;
