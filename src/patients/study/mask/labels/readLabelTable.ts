import { TrinephronError } from "../../../../base/errors.ts";
import { readWhole } from "../../../../base/files.ts";
import { parseDelimited } from "../../../../imaging/formats/tables/delimited.ts";
import { key, type LabelTable } from "./labelTable.ts";
import type { MaskLabel } from "./maskLabel.ts";

/**
 * A user's own table: CSV with columns `name` and `label`, where label is `kidney`, `tumor`, `cyst`, `1`, `2`, `3` or
 * `ignore`. Names match whole, without regard to case.
 *
 * @throws E_FILE_MISSING, E_FORMAT, E_LABEL with the line
 */
export async function readLabelTable(path: string): Promise<LabelTable> {
  const { header, rows } = parseDelimited(await readWhole(path), path);
  const missing = ["name", "label"].find((column) => !header.includes(column));
  if (missing)
    throw new TrinephronError("E_FORMAT", `${path}: no column ${missing}`, "columns are name and label");
  const table = new Map<string, MaskLabel | "other">();
  for (const { cells, line } of rows) {
    const label = written.get(cells.label.toLowerCase());
    const name = key(cells.name);
    if (label === undefined)
      throw new TrinephronError(
        "E_LABEL",
        `${path}, line ${line}: label ${JSON.stringify(cells.label)}`,
        "write kidney, tumor, cyst or ignore",
      );
    if (name === "") throw new TrinephronError("E_FORMAT", `${path}, line ${line}: no name`);
    if ((table.get(name) ?? label) !== label)
      throw new TrinephronError("E_LABEL", `${path}, line ${line}: ${cells.name} stands there twice`);
    table.set(name, label);
  }
  return table;
}

/** What a table may call a label. */
const written: ReadonlyMap<string, MaskLabel | "other"> = new Map<string, MaskLabel | "other">([
  ["kidney", 1],
  ["tumor", 2],
  ["tumour", 2],
  ["cyst", 3],
  ["ignore", "other"],
  ["1", 1],
  ["2", 2],
  ["3", 3],
]);
