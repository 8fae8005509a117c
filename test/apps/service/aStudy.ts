import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { uid } from "../../../src/imaging/formats/dicom/index.ts";
import { writeModelFolder } from "../../../src/learning/trained/modelFolder.ts";
import { tinyModel } from "../../evidence/predict/tinyModel.ts";
import { once } from "../../once.ts";
import { paintedPatient, seriesUid, studyFiles } from "../../patients/study/studyFiles.ts";

/** The smallest model of the study's questions, in a folder. */
export const aModel = (): Promise<string> =>
  once("service-model", async (folder) => {
    await writeModelFolder({ ...(await tinyModel()), folder });
  });

/** Study Instance UID of {@link aStudy}. */
export const studyUid = uid("study P1");

/** Files of a painted patient's study: one phase and, last, the mask. */
export async function aStudy(): Promise<{
  readonly images: Buffer[];
  readonly mask: Buffer;
  readonly folder: string;
}> {
  const folder = await once("service-study", async (made) => {
    const files = await studyFiles(paintedPatient(5), { descriptions: { nephrographic: "nephrographic" } });
    for (const [n, { source, header }] of files.entries()) {
      const name = header?.modality === "SEG" ? "mask.dcm" : `${String(n).padStart(3, "0")}.dcm`;
      if (name === "mask.dcm" || header?.series.uid === seriesUid("nephrographic"))
        writeFileSync(join(made, name), await source.whole());
    }
  });
  const names = readdirSync(folder).sort();
  const read = (name: string) => readFileSync(join(folder, name));
  return { images: names.filter((name) => name !== "mask.dcm").map(read), mask: read("mask.dcm"), folder };
}
