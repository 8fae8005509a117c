import { createHash } from "node:crypto";
import { version } from "../../../../base/version.ts";
import type { Vec3 } from "../../../../numerics/volume/volume.ts";
import type { DrawnCase } from "../../dataset/dataset.ts";
import { magic, type PreparedFile, storedCase } from "../prepare/prepared.ts";
import type { SegmentSettings } from "../segmentSettings.ts";
import { drawCase } from "./drawCase.ts";

/** A case to draw: what crosses to a thread. */
export interface DrawJob {
  readonly case: DrawnCase;
  readonly labels: number;
  readonly drawn: SegmentSettings["drawn"];
  /** mm along D, H, W. */
  readonly spacing: Vec3;
  readonly cache: string;
}

/** The case from the cache, or drawn and kept there. Its key is a hash of all that it follows from, this version too. */
export async function drawnFile({ case: c, labels, drawn, spacing, cache }: DrawJob): Promise<PreparedFile> {
  const from = [magic, version, c.seed, drawn, spacing];
  const hash = createHash("sha256").update(JSON.stringify(from)).digest("hex");
  return storedCase({ case: c.case, hash, cache }, () => drawCase(c, drawn, spacing, labels));
}
