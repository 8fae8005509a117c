import { extname } from "node:path";
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
import { labelsOf } from "../labels.ts";

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
  const said: string[] = [];
  const read = (file: string, what: string) =>
    readNifti(file, { onRemark: (remark) => said.push(`${what}: ${remark}`) });
  const { mask, remarks } = labelsOf(await read(path, "mask"), path, { most: 255 });
  const beside = ct === undefined ? undefined : await read(ct, "CT");
  const rules: Rules = {
    ...(job.rules === "refined" ? refined : defaultRules),
    diameter: job.diameter,
    tumors: job.tumors,
  };
  const given = { ct: beside, remarks: [...said, ...remarks] };
  const readings = inFile(path, () => readTumors(mask, rules, given));
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
