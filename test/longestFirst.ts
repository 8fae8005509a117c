import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of more than five seconds, so that no worker begins one when the other has ended. */
const longest = [
  "apps/cli/train",
  "package",
  "apps/cli/demo",
  "apps/cli/ownTasks",
  "apps/cli/model",
  "apps/cli/experiment",
  "apps/cli/validate",
  "imaging/registration/registerRigid",
  "apps/cli/predict",
  "imaging/nephrometry/published",
  "imaging/nephrometry/faults",
  "report/prediction/screenshot",
  "report/screenshot",
  "imaging/formats/dicom/fuzz",
  "patients/cohort/kits/kits",
  "apps/cli/support/device",
  "patients/study/mask/grow/grow",
  "patients/synthetic/phantom/phantomCohort",
  "patients/study/fuzz/meaning",
  "patients/study/assemble",
  "imaging/formats/dicom/suite",
  "patients/synthetic/paint/files/dicomStudy",
  "patients/synthetic/paint/difficulty",
  "imaging/nephrometry/renal/renal",
  "report/prediction/renderPrediction",
  "patients/synthetic/paint/paint",
  "imaging/nephrometry/cutoffs",
  "apps/cli/cohortImport",
  "numerics/graph/gradients",
  "apps/cli/report",
  "learning/train/learner/learner",
  "learning/deploy/efficiency",
  "patients/cohort/check/check",
  "patients/cohort/check/oneGrid",
].map((name) => join(import.meta.dirname, `${name}.test.ts`));

/** Those first, in that order; the others as Vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      longest.includes(moduleId) ? longest.indexOf(moduleId) : longest.length;
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
