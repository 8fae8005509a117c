/**
 * Rigid registration of images of one patient, by elastix.
 */

export { normalizedMutualInformation } from "./mutualInformation.ts";
export {
  type Loaded,
  measure,
  type Outcome,
  outcomes,
  type Region,
  type RegisterOptions,
  type Registration,
  registerRigid,
} from "./registerRigid.ts";
export { placed, rotationDegrees } from "./rigid.ts";
