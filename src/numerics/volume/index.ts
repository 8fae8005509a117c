/**
 * 3D images with their place in the patient (LPS, mm): grids, crops, resampling, and shapes of masks.
 */

export { crop } from "./crop.ts";
export {
  type AffineMap,
  apply,
  indexMap,
  indexToPatient,
  indexToPoint,
  type Matrix3,
  patientToIndex,
  pointToIndex,
  voxelCount,
  voxelVolumeMl,
} from "./geometry.ts";
export { gridDifference, sameGeometry } from "./gridDifference.ts";
export { reorient } from "./resample/reorient.ts";
export { type ResampleOptions, resample } from "./resample/resample.ts";
export { maskBetween } from "./shape/between.ts";
export { type Box, boundingBox, boxSize, grownBox } from "./shape/boundingBox.ts";
export { type Components, type Connectivity, connectedComponents } from "./shape/components.ts";
export {
  type Diameter,
  inPlaneDiameter,
  largestSlice,
  maximalDiameter,
  sliceDiameter,
} from "./shape/diameter.ts";
export { distanceTransform } from "./shape/distance.ts";
export { hullBySlice } from "./shape/hull.ts";
export { close, dilate, erode, fillHoles, fillHolesBySlice, open } from "./shape/morphology.ts";
export { gridAround, isotropic, withSpacing } from "./spacing.ts";
export { type Geometry, lpsDirection, type Vec3, type Volume, type VoxelArray } from "./volume.ts";
