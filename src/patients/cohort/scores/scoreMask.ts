import { extname } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { writeWhole } from "../../../base/files.ts";
import { inFile } from "../../../base/inFile.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import {
  defaultRules,
  figure,
  type Rules,
  readTumors,
  refined,
  scenePng,
  sceneSvg,
  uncertainty,
} from "../../../imaging/nephrometry/index.ts";
import { tumorJson } from "../../../imaging/nephrometry/json.ts";
import type { NephrometryJson } from "../../../imaging/nephrometry/schema.ts";
import type { Volume } from "../../../numerics/volume/index.ts";

/** What a mask is scored by; plain, so that it can be sent to a thread. */
export interface MaskSettings {
  readonly rules: "published" | "refined";
  readonly diameter: Rules["diameter"];
  readonly tumors: Rules["tumors"];
  readonly uncertainty: boolean;
}

export interface MaskJob extends MaskSettings {
  readonly mask: string;
  readonly ct?: string | undefined;
  /** Named above the figure. */
  readonly title: string;
  /** A figure of the largest tumour here; of others beside it, as `name-2.svg`. */
  readonly figure?: string | undefined;
}

/** Reads and scores one mask and draws its figures. @throws as `readNifti` and `nephrometry`, the file named */
export async function scoreMask(job: MaskJob): Promise<NephrometryJson> {
  const { mask: path, ct } = job;
  const mask = asMask(await readNifti(path), path);
  const beside = ct === undefined ? {} : { ct: await readNifti(ct) };
  const rules: Rules = {
    ...(job.rules === "refined" ? refined : defaultRules),
    diameter: job.diameter,
    tumors: job.tumors,
  };
  const readings = inFile(path, () => readTumors(mask, rules, beside));
  const tumors: NephrometryJson["tumors"] = [];
  for (const [t, reading] of readings.entries()) {
    const spread = job.uncertainty ? uncertainty(reading, rules) : undefined;
    tumors.push(tumorJson(reading.scores, spread));
    if (job.figure === undefined) continue;
    const scene = figure(reading, { rules, title: job.title, ...(spread && { uncertainty: spread }) });
    const isPng = extname(job.figure).toLowerCase() === ".png";
    await writeWhole(numbered(job.figure, t), isPng ? scenePng(scene) : sceneSvg(scene));
  }
  return { tumors };
}

/** `mask.svg`, `mask-2.svg`, … */
function numbered(path: string, t: number): string {
  const extension = extname(path);
  return t === 0 ? path : `${path.slice(0, path.length - extension.length)}-${t + 1}${extension}`;
}

/** A label image of any number type as bytes. @throws E_MASK for values that are no labels */
function asMask(volume: Volume, path: string): Volume<Uint8Array> {
  if (volume.data instanceof Uint8Array) return { ...volume, data: volume.data };
  const bad = volume.data.find((v) => !Number.isInteger(v) || v < 0 || v > 255);
  if (bad !== undefined)
    throw new TrinephronError("E_MASK", `${path}: holds the value ${bad}`, "a mask holds labels 0 to 5");
  return { ...volume, data: Uint8Array.from(volume.data) };
}
