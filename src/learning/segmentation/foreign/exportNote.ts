import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";

/** What a checkpoint of nnU-Net knows and its plans do not; the export script of docs/segmentation-models.md writes it. */
const schema = z.object({
  configuration: z.string().optional(),
  /** Axes of the network that its training mirrored. */
  mirror_axes: z.array(z.int().min(0).max(2)).optional(),
});
export type ExportNote = z.infer<typeof schema>;

/** `export.json` of a model's folder; empty where there is none. @throws E_FORMAT */
export async function readExportNote(folder: string): Promise<ExportNote> {
  const path = join(folder, "export.json");
  try {
    return parseJson(schema, (await readWhole(path)).toString("utf8"), path);
  } catch (error) {
    if (error instanceof TrinephronError && error.code === "E_FILE_MISSING") return {};
    throw error;
  }
}
