import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of more than five seconds, so that no worker begins one when the other has ended. */
const longest = [
  "apps/cli/train",
  "imaging/registration/registerRigid",
  "apps/cli/demo",
  "apps/cli/model",
  "apps/cli/experiment",
  "apps/cli/validate",
  "package",
  "apps/cli/predict",
  "imaging/formats/dicom/fuzz",
  "patients/cohort/kits/kits",
  "patients/synthetic/paint/paint",
  "patients/study/mask/grow/grow",
  "patients/study/assemble",
  "patients/cohort/check/check",
  "imaging/nephrometry/renal/renal",
].map((name) => join(import.meta.dirname, `${name}.test.ts`));

/** Those first, in that order; the others as Vitest has them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) =>
      longest.includes(moduleId) ? longest.indexOf(moduleId) : longest.length;
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
