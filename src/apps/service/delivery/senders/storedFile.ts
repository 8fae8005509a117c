import { readFileSync } from "node:fs";
import dimse from "dcmjs-dimse";
import { headerOf } from "../../../../imaging/formats/dicom/file/header.ts";
import { parseDataSet } from "../../../../imaging/formats/dicom/index.ts";

/**
 * A file's data set for dcmjs-dimse, which is sent as it stands in the file. The library itself would read it and encode
 * it anew, and spoils letters beyond ASCII within sequences.
 */
export class StoredFile extends dimse.Dataset {
  readonly #body: Buffer;

  /** @throws E_FORMAT, E_FILE_TRUNCATED */
  constructor(path: string) {
    const parsed = parseDataSet(readFileSync(path), path);
    const { sopClass = "", sopInstance = "", transferSyntax } = headerOf(parsed);
    super({ SOPClassUID: sopClass, SOPInstanceUID: sopInstance }, transferSyntax);
    const { buffer, byteOffset, byteLength } = parsed.dataSet.byteArray;
    this.#body = Buffer.from(buffer, byteOffset, byteLength);
  }

  override getDenaturalizedDataset(): Buffer {
    return this.#body;
  }
}
