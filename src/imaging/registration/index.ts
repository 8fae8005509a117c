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
export { eulerTransform, placed, rotationDegrees } from "./rigid.ts";
