import type { KitsRecord } from "./record.ts";
import { isCystic, subtypeOf } from "./subtype.ts";

/** `malignant`: every solid malignant tumour, as the study. `rcc`: renal cell carcinomas alone. */
export type Inclusion = "malignant" | "rcc";

/** Younger patients have other tumours, staged by other systems. */
const adultAge = 18;

const words = (name: string) => name.replaceAll("_", " ").replace(/\b(rcc|mest)\b/, (s) => s.toUpperCase());

/** Why a case is no solid malignant renal tumour of known histology in an adult; undefined where it is one. */
export function reasonAgainst(record: KitsRecord, only: Inclusion): string | undefined {
  const { malignant, tumor_histologic_subtype: name, age_at_nephrectomy: age } = record;
  if (!name || malignant === null || malignant === undefined) return "no pathology";
  if (isCystic(name)) return `cystic, not solid (${words(name)})`;
  if (!malignant) return `benign (${words(name)})`;
  if (typeof age === "number" && age < adultAge) return `younger than ${adultAge} years (${words(name)})`;
  if (only === "rcc" && subtypeOf(name).notRcc) return `no renal cell carcinoma (${words(name)})`;
  return undefined;
}
