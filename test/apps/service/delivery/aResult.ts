import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "../../../../src/apps/service/database/database.ts";
import type { ContentStore } from "../../../../src/apps/service/pixels/contentStore.ts";
import { folderStore } from "../../../../src/apps/service/pixels/folderStore.ts";
import { stageFile } from "../../../../src/apps/service/pixels/stagedFile.ts";
import { fhirReport } from "../../../../src/evidence/predict/documents/fhir.ts";
import { structuredReport } from "../../../../src/evidence/predict/documents/structuredReport.ts";
import { uid } from "../../../../src/imaging/formats/dicom/index.ts";
import { fullPrediction } from "../../../evidence/predict/aPrediction.ts";
import {
  context,
  ctObjects,
  ctOf,
  grid,
  maskOf,
  picture,
  scObject,
  segObject,
} from "../../../imaging/formats/dicom/write/objects.ts";

const images = ctObjects(ctOf(grid(16)));

const outlines = segObject(maskOf(grid(16)), images);

/** DICOM objects of a result. */
export const objects = {
  "report.sr.dcm": structuredReport(fullPrediction, {
    context,
    series: { uid: uid("report"), number: 900 },
    evidence: [{ phase: "nephrographic", images }],
    segment: {
      sopInstance: outlines.sopInstance,
      series: uid("outlines"),
      number: 2,
      source: images[0].series,
    },
    created: new Date(2026, 9, 5, 11, 30, 15),
    name: "report",
  }),
  "mask.seg.dcm": outlines,
  "report.sc.dcm": scObject(picture),
} as const;

export const studyUid = context.study.uid;

/** A study that is answered, as the database and the store have it; its number. */
export async function aResult(
  database: Database,
  folder: string,
): Promise<{ study: number; results: ContentStore }> {
  mkdirSync(folder, { recursive: true });
  const results = folderStore(join(folder, "results"));
  const files = [];
  const contents: [string, Uint8Array, string?][] = [
    ...Object.entries(objects).map(([name, { bytes, sopInstance }]): [string, Uint8Array, string] => [
      name,
      bytes,
      sopInstance,
    ]),
    ["report.fhir.json", Buffer.from(JSON.stringify(fhirReport(fullPrediction, { seed: "first" })))],
  ];
  for (const [name, content, sopInstanceUid] of contents) {
    const writer = await stageFile(join(folder, "staging"), 1e8);
    await writer.write(content);
    const file = await writer.finish();
    await results.adopt(file);
    files.push({ name, key: file.key, bytes: file.bytes, sopInstanceUid });
  }
  const [{ id: study }] = await database.query<{ id: number }>(
    `insert into trinephron.studies (study_uid, patient_id, patient_name, state, attempt)
     values ($1, 'P1', 'Secret^Name', 'answered', 1) returning id`,
    [studyUid],
  );
  await database.query(
    `insert into trinephron.results (study_id, attempt, revision, model_sha256, model_sources, answers, files)
     values ($1, 1, 5, 'abc', '["real"]', '[{"task": "stage", "probability": 0.6}]', $2::jsonb)`,
    [study, JSON.stringify(files)],
  );
  return { study, results };
}
