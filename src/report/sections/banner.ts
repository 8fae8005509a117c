import type { Results } from "../../evidence/validate/results.ts";
import { html, type Markup } from "../../page/html.ts";
import { listed } from "../numbers.ts";

/** What a reader must know before any number: images that are no CT, readers that are no human beings. */
export function banner({ study, readers }: Results): Markup | undefined {
  const lines: { readonly lead: string; readonly rest: string }[] = [];
  const real = study.sources.includes("real");
  if (study.sources.includes("painted"))
    lines.push({
      lead: `${real ? "Some" : "The"} images are painted, not real CT:`,
      rest: " the kidneys and tumours are real segmentations, the three contrast phases are simulated on them. Accuracy on real CT may be quite different.",
    });
  if (study.sources.includes("procedural"))
    lines.push({
      lead: `${real || study.sources.includes("painted") ? "Some" : "The"} cases are procedural phantoms:`,
      rest: ` anatomy, images and labels are simulated. No patient stands behind ${real || study.sources.includes("painted") ? "them" : "any number here"}, and nothing about patients follows.`,
    });
  const simulated = [...new Set(readers.filter((r) => r.simulated).map((r) => r.reader))];
  if (simulated.length > 0)
    lines.push({
      lead: "Simulated readers:",
      rest: ` ${listed(simulated)}. Their scores were drawn; no human being read these cases as them.`,
    });
  if (lines.length === 0) return undefined;
  return html`<div class="banner" role="note" aria-label="What is simulated">${lines.map(
    ({ lead, rest }) => html`<p><strong>${lead}</strong>${rest}</p>`,
  )}</div>`;
}
