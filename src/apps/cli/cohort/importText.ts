import type { Doubt } from "../../../patients/import/clinical/clinical.ts";
import type { Mapping } from "../../../patients/import/clinical/mapping.ts";
import type { NotImported } from "../../../patients/import/options.ts";

/** Which column of the table was taken for what. */
export const columnText = (columns: Mapping["columns"]): string =>
  `Columns: ${Object.entries(columns)
    .map(([field, name]) => (field === name ? field : `${field} from "${name}"`))
    .join(", ")}`;

type PerCase = readonly { readonly case: string; readonly lines: readonly string[] }[];

/** What somebody should look at, a block each. */
export function findingBlocks({
  leftOut,
  notUnderstood,
  doubts = [],
  warnings,
}: {
  readonly leftOut: readonly NotImported[];
  readonly notUnderstood: readonly Doubt[];
  /** Phases to look at. */
  readonly doubts?: PerCase;
  readonly warnings: PerCase;
}): string[] {
  const block = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? [[`${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`)].join("\n")] : [];
  const perCase = (list: PerCase) =>
    list.flatMap(({ case: name, lines }) => lines.map((line) => `${name}: ${line}`));
  return [
    ...block(
      "Left out; also in left-out.csv",
      leftOut.map(({ line, patient, detail, reason }) => {
        const who = [line === undefined ? "" : `line ${line}`, patient ?? ""].filter(Boolean).join(", ");
        return `${who || "no row"}: ${detail === reason ? reason : `${reason} (${detail})`}`;
      }),
    ),
    ...block(
      "Cells not understood, taken as unknown",
      notUnderstood.map(
        ({ line, column, value, why }) => `line ${line}, column ${column}: ${JSON.stringify(value)} ${why}`,
      ),
    ),
    ...block("Phases to look at", perCase(doubts)),
    ...block("Warnings", perCase(warnings)),
  ];
}
