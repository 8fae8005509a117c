import { createHash } from "node:crypto";
import { readWhole } from "../../../../base/files.ts";
import type { Vec3 } from "../../../../numerics/volume/index.ts";
import type { SegmentationCase, SegmentationLabel } from "../../dataset/dataset.ts";
import { prepareCase } from "./prepareCase.ts";
import { magic, type PreparedFile, storedCase } from "./prepared.ts";

/** A case to prepare: what crosses to a thread. */
export interface PrepareJob {
  readonly case: SegmentationCase;
  readonly labels: readonly SegmentationLabel[];
  /** mm along D, H, W. */
  readonly spacing: Vec3;
  readonly cache: string;
}

/** The case from the cache, or prepared and kept there. Its key is a hash of the files' contents. */
export async function preparedFile({ case: c, labels, spacing, cache }: PrepareJob): Promise<PreparedFile> {
  const hash = await key(c, labels, spacing);
  return storedCase({ case: c.case, hash, cache }, () => prepareCase(c, labels, spacing));
}

async function key(c: SegmentationCase, labels: readonly SegmentationLabel[], spacing: Vec3) {
  const hash = createHash("sha256").update(JSON.stringify([magic, labels, spacing]));
  for (const file of [...c.images, { path: c.labels }]) {
    hash.update(`\0${file?.frame ?? ""}`);
    if (file) hash.update(await readWhole(file.path));
  }
  return hash.digest("hex");
}
