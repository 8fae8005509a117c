import { createHmac, randomBytes } from "node:crypto";
import { access, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole, writeWhole } from "../../../base/files.ts";
import { uid } from "../../../imaging/formats/dicom/index.ts";
import type { ClinicalRow } from "../clinical/clinical.ts";
import { usualColumns } from "../clinical/mapping.ts";
import { readSpreadsheet } from "../clinical/spreadsheet.ts";

/** Names that do not tell who a patient is, the same for the same patient and key. */
export interface Pseudonyms {
  /** Undefined where a list of pseudonyms lacks the patient. */
  readonly patient: (id: string) => string | undefined;
  /** Of a case: the patient's, and what tells it from the patient's other cases. */
  readonly case: (patient: string, row: ClinicalRow) => string;
  /** Another UID for one, `2.25.…`. */
  readonly uid: (original: string) => string;
  /** A hash of anything; not to be undone without the key. */
  readonly hash: (text: string) => string;
  /** Real IDs stay. */
  readonly kept: boolean;
}

export interface PseudonymOptions {
  /** The output folder, in which the key must not lie. */
  readonly out: string;
  /** Default `<out>.key`. Made where it is not there. */
  readonly key?: string | undefined;
  /** Path of a table of patient IDs and pseudonyms. */
  readonly list?: string | undefined;
  readonly keepNames?: boolean | undefined;
}

/** Where the key lies, and the table that leads from pseudonyms back to patients. */
export function keyPaths({ out, key }: PseudonymOptions): { key: string; identities: string } {
  const path = resolve(key ?? `${resolve(out)}.key`);
  return { key: path, identities: `${path.replace(/\.key$/, "")}.identities.csv` };
}

/**
 * Pseudonyms by HMAC-SHA256 of the patient ID with a secret key of 256 bits.
 * @throws E_USAGE where the key lies in the output folder; E_FILE_MISSING where the folder holds cases but the key is
 * gone; E_FORMAT for a key or list that is none
 */
export async function openPseudonyms(options: PseudonymOptions): Promise<Pseudonyms> {
  const key = await keyOf(options);
  const hash = (text: string) => createHmac("sha256", key).update(text).digest("hex");
  const short = (kind: string, text: string) => hash(`${kind}\0${text}`).slice(0, 12);
  const list = options.list === undefined ? undefined : await readList(options.list);
  const kept = options.keepNames === true;
  return {
    patient: (id) => (kept ? id : list ? list.get(id) : `p${short("patient", id)}`),
    case: (patient, row) => {
      const { patient: id = "", case: name } = row;
      // Where the table names the patient alone, the case is the patient.
      const own = name !== undefined && name !== id ? name : (row.study ?? row.accession);
      if (own === undefined) return patient;
      return kept ? (name ?? own) : `${patient}-${short("case", `${id}\0${own}`).slice(0, 6)}`;
    },
    uid: (original) => uid(hash(`uid\0${original}`)),
    hash,
    kept,
  };
}

const keyHint = "give the key with --key; without it the cases would get other names";

async function keyOf(options: PseudonymOptions): Promise<Buffer> {
  const out = resolve(options.out);
  const { key: path } = keyPaths(options);
  if (path.startsWith(out + sep))
    throw new TrinephronError(
      "E_USAGE",
      `--key ${path}: inside of the cohort`,
      "who gets the cohort must not get it",
    );
  if (await there(path)) {
    const text = (await readWhole(path)).toString("utf8").trim();
    if (!/^[0-9a-f]{64}$/.test(text))
      throw new TrinephronError("E_FORMAT", `${path}: no key of 64 hexadecimal digits`, keyHint);
    return Buffer.from(text, "hex");
  }
  if (await there(resolve(out, "images")))
    throw new TrinephronError("E_FILE_MISSING", `${path}: the key of ${out} is not there`, keyHint);
  const key = randomBytes(32);
  await writeWhole(path, `${key.toString("hex")}\n`, 0o600);
  return key;
}

/** Whether others than the owner may read the key. */
export const keyIsOpen = async (path: string): Promise<boolean> =>
  process.platform !== "win32" && ((await stat(path)).mode & 0o077) !== 0;

const there = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function readList(path: string): Promise<ReadonlyMap<string, string>> {
  const table = await readSpreadsheet(path);
  const { patient } = usualColumns(table.header, path);
  const list = new Map<string, string>();
  for (const { cells, line } of table.rows) {
    const [id, name] = [cells[patient ?? ""] ?? "", cells.pseudonym ?? ""];
    if (id === "" || name === "")
      throw new TrinephronError(
        "E_FORMAT",
        `${path}, line ${line}: no patient ID or no pseudonym`,
        "fill both",
      );
    if ([...list.values()].includes(name))
      throw new TrinephronError("E_FORMAT", `${path}, line ${line}: pseudonym ${name} stands twice`);
    list.set(id, name);
  }
  return list;
}
