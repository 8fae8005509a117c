import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { mustNotExist, readWhole, writeWhole } from "../../../base/files.ts";
import { software } from "../../../base/version.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import type { SegmentationConfig } from "../own/segmentationConfig.ts";
import { readSegmentationFolder, writeSegmentationFolder } from "../own/segmentationFolder.ts";
import { twoStageCard } from "./twoStageCard.ts";
import { type TwoStageConfig, twoStageConfig } from "./twoStageConfig.ts";

/** Files of a two-stage model's folder; the models lie in folders beside them. */
export const twoStageFiles = { config: "two-stage.json", card: "MODEL_CARD.md" } as const;

/** A two-stage model, read. */
export interface TwoStageFolder {
  readonly config: TwoStageConfig;
  readonly coarse: SegmentationConfig;
  readonly fine: SegmentationConfig;
}

/**
 * Reads a two-stage model's folder.
 * @throws E_FILE_MISSING, E_FORMAT; E_MODEL where the two models do not go together; as `readSegmentationFolder`
 */
export async function readTwoStage(folder: string): Promise<TwoStageFolder> {
  const path = join(folder, twoStageFiles.config);
  const config = parseJson(twoStageConfig, (await readWhole(path)).toString("utf8"), path);
  const { config: coarse } = await readSegmentationFolder(join(folder, config.coarse));
  const { config: fine } = await readSegmentationFolder(join(folder, config.fine));
  mustGoTogether(coarse, fine, folder);
  return { config, coarse, fine };
}

/**
 * Makes one model of two: copies of both in `coarse` and `fine` of a folder, and `two-stage.json`, which is written last.
 * @param options how it looks at an image, where not by the defaults
 * @throws E_FILE_EXISTS without `force`; E_MODEL, E_FILE_MISSING, E_FILE_WRITE
 */
export async function joinModels(
  coarseFolder: string,
  fineFolder: string,
  folder: string,
  options: Partial<Omit<TwoStageConfig, "format" | "software" | "coarse" | "fine">> = {},
  force?: boolean,
): Promise<TwoStageConfig> {
  await mustNotExist(join(folder, twoStageFiles.config), { force });
  const [coarse, fine] = [
    await readSegmentationFolder(coarseFolder),
    await readSegmentationFolder(fineFolder),
  ];
  mustGoTogether(coarse.config, fine.config, folder);
  const names = { coarse: "coarse", fine: "fine" } as const;
  const config = twoStageConfig.parse({ format: "trinephron-two-stage/1", software, ...names, ...options });
  await writeSegmentationFolder(join(folder, names.coarse), coarse.config, coarse.onnx);
  await writeSegmentationFolder(join(folder, names.fine), fine.config, fine.onnx);
  await writeWhole(join(folder, twoStageFiles.card), twoStageCard(config, coarse.config, fine.config));
  await writeWhole(join(folder, twoStageFiles.config), `${JSON.stringify(config, null, 2)}\n`);
  return config;
}

/** What the fine model's labels may be, by their values in a mask. */
const allowed: readonly (readonly string[])[] = [["kidney"], ["tumor", "tumour"], ["cyst"]];

function mustGoTogether(coarse: SegmentationConfig, fine: SegmentationConfig, folder: string): void {
  const refused = (what: string, hint: string) => new TrinephronError("E_MODEL", `${folder}: ${what}`, hint);
  for (const [name, { channels, hounsfield }] of Object.entries({ coarse, fine }))
    if (channels.length !== 1 || !hounsfield)
      throw refused(
        `the ${name} model reads ${channels.join(", ")}${hounsfield ? "" : ", no CT numbers"}`,
        "each must read one CT",
      );
  const odd = fine.labels.find(({ name, value }) => !allowed[value - 1]?.includes(name));
  if (odd ?? !fine.labels.some(({ value }) => value === 1))
    throw refused(
      odd
        ? `the fine model's label ${odd.value} is ${odd.name}`
        : "the fine model has no label for the kidney",
      "its labels must be kidney 1, tumour 2, cyst 3",
    );
}
