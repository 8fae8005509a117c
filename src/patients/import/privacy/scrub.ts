import { isAbsolute } from "node:path";
import type { DicomFile } from "../../../imaging/formats/dicom/index.ts";

/**
 * A function that takes out of a text what could tell who a patient is: names, IDs, accession numbers and UIDs of the
 * files' headers, dates, and the files' paths.
 *
 * @param more further words to take out, such as the IDs of the clinical table
 */
export function scrubber(
  files: readonly DicomFile[],
  root: string,
  more: readonly (string | undefined)[] = [],
): (text: string) => string {
  const words = new Set<string>();
  const add = (text: string | undefined, whole = false) => {
    if (text === undefined) return;
    for (const word of [text, ...(whole ? [] : text.split(/[\s^=,]+/))]) if (word.length > 1) words.add(word);
  };
  for (const { header } of files) {
    if (!header) continue;
    add(header.patient.name);
    add(header.study.referringPhysician);
    for (const id of [
      header.patient.id,
      header.study.accessionNumber,
      header.patient.birthDate,
      header.study.id,
    ])
      add(id, true);
  }
  for (const word of more) add(word, true);
  const names = [...words].sort((a, b) => b.length - a.length).map(escaped);
  const paths = [...new Set(files.map(({ source }) => source.name))].sort((a, b) => b.length - a.length);
  const named =
    names.length > 0 && new RegExp(`(?<![\\p{L}\\p{N}])(?:${names.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  // A relative root may be a word that has other uses.
  const folder = new RegExp(`${escaped(root)}${isAbsolute(root) ? "" : "[/\\\\]"}\\S*`, "g");
  return (text) => {
    let clean = text;
    if (clean.includes(root)) {
      for (const path of paths) clean = clean.replaceAll(path, "a file");
      clean = clean.replaceAll(folder, "a folder");
    }
    clean = clean
      .replaceAll(/\b\d+(?:\.\d+){5,}\b/g, "[UID]")
      .replaceAll(/\b(?:19|20)\d{2}[-./]?(?:0[1-9]|1[0-2])[-./]?(?:0[1-9]|[12]\d|3[01])\b/g, "[date]")
      .replaceAll(/\b\d{1,2}[./]\d{1,2}[./](?:19|20)?\d{2}\b/g, "[date]");
    return named ? clean.replaceAll(named, "[removed]") : clean;
  };
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
