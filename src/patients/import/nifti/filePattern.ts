import { TrinephronError } from "../../../base/errors.ts";

/** `{column}` stands for the row's cell of that column. */
const place = /\{([^{}]*)\}/g;

/**
 * The path that a pattern such as `image/{case}.nii.gz` means in a row; undefined where a cell of it is empty.
 * @param cells by column of the table
 */
export function fillPattern(pattern: string, cells: Readonly<Record<string, string>>): string | undefined {
  const columns = [...pattern.matchAll(place)].map(([, column]) => column);
  if (columns.some((column) => !cells[column])) return undefined;
  return pattern.replace(place, (_, column: string) => cells[column]);
}

/**
 * Refuses a pattern that is the same for all rows, or asks for a column that the table lacks.
 * @param role of the files, in errors: `ct`, `mask`
 * @throws E_FORMAT
 */
export function mustFill(pattern: string, role: string, header: readonly string[], path: string): void {
  const columns = [...pattern.matchAll(place)].map(([, column]) => column);
  if (columns.length === 0)
    throw new TrinephronError(
      "E_FORMAT",
      `files: ${role}: "${pattern}" is one file for all rows`,
      "name a column of the table in braces: image/{case}.nii.gz",
    );
  const missing = columns.find((column) => !header.includes(column));
  if (missing !== undefined)
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: no column ${missing}, which the files of ${role} are named after`,
      `its columns are ${header.join(", ")}`,
    );
}
