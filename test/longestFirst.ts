import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of more than four seconds, the longest first, so that no worker begins one when the other has ended. */
const longest = [
  "apps/cli/demo",
  "package",
  "apps/service/answering/startWorker",
  "apps/cli/serve",
  "apps/cli/train",
  "apps/cli/model",
  "apps/cli/predict",
  "imaging/registration/registerRigid",
  "apps/cli/validate",
  "apps/service/serve",
  "apps/service/intake/dimse/startScp",
  "apps/cli/ownTasks",
  "report/prediction/screenshot",
  "patients/study/fuzz/meaning",
  "imaging/nephrometry/faults",
  "apps/cli/experiment",
  "learning/pretrain/pretrain",
  "imaging/nephrometry/published",
  "imaging/formats/dicom/fuzz",
  "imaging/formats/dicom/suite",
  "patients/study/assemble",
  "imaging/nephrometry/cutoffs",
  "patients/cohort/kits/kits",
  "apps/cli/otherOrgans",
  "imaging/nephrometry/renal/renal",
  "patients/study/mask/grow/grow",
  "report/screenshot",
  "apps/cli/cohortImport",
  "patients/synthetic/paint/files/dicomStudy",
  "patients/synthetic/abdomen/abdomen",
  "learning/deploy/efficiency",
  "patients/synthetic/paint/difficulty",
  "patients/synthetic/paint/paint",
  "apps/cli/report",
  "apps/cli/learningCurves",
  "learning/train/learner/learner",
  "patients/synthetic/phantom/phantomCohort",
  "apps/cli/support/device",
  "numerics/graph/lowering/lowering",
].map((name) => join(import.meta.dirname, `${name}.test.ts`));

/** Those first, in that order; the others as Vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      longest.includes(moduleId) ? longest.indexOf(moduleId) : longest.length;
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
