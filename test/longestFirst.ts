import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of more than five seconds, so that no worker begins one when the other has ended. */
const longest = [
  "apps/cli/train",
  "apps/cli/demo",
  "package",
  "apps/cli/model",
  "imaging/nephrometry/faults",
  "apps/cli/experiment",
  "patients/study/fuzz/meaning",
  "apps/cli/validate",
  "apps/cli/ownTasks",
  "imaging/registration/registerRigid",
  "apps/cli/predict",
  "report/prediction/screenshot",
  "report/screenshot",
  "imaging/formats/dicom/fuzz",
  "apps/cli/otherOrgans",
  "learning/pretrain/pretrain",
  "patients/study/mask/grow/grow",
  "patients/cohort/kits/kits",
  "apps/cli/learningCurves",
  "imaging/nephrometry/published",
  "imaging/nephrometry/renal/renal",
  "imaging/nephrometry/cutoffs",
  "patients/study/assemble",
  "numerics/graph/gradients",
  "numerics/graph/lowering/lowering",
  "apps/cli/report",
  "apps/cli/support/device",
  "imaging/nephrometry/kidney/upright",
  "report/checklists",
  "learning/deploy/efficiency",
  "patients/study/mask/readMask",
  "patients/synthetic/paint/paint",
  "browser/browser",
  "patients/synthetic/phantom/phantomCohort",
  "patients/cohort/check/check",
  "patients/study/realCt",
  "patients/study/mask/repaired",
  "learning/train/learner/learner",
].map((name) => join(import.meta.dirname, `${name}.test.ts`));

/** Those first, in that order; the others as Vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      longest.includes(moduleId) ? longest.indexOf(moduleId) : longest.length;
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
