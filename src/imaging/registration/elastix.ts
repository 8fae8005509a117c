import { elastixNode } from "@itk-wasm/elastix";
import { TrinephronError } from "../../base/errors.ts";
import type { AffineMap, Vec3, Volume } from "../../numerics/volume/index.ts";
import { eulerTransform } from "./rigid.ts";

export interface ElastixJob {
  readonly fixed: Volume<Float32Array>;
  readonly moving: Volume<Float32Array>;
}

/**
 * elastix's own rigid defaults (Klein et al., IEEE Trans Med Imaging 2010;29:196) but for the padding, and without an
 * image as result: mutual information, adaptive stochastic gradient descent, four resolutions. Its seed is fixed.
 */
const parameters = {
  Registration: ["MultiResolutionRegistration"],
  Transform: ["EulerTransform"],
  AutomaticTransformInitialization: ["false"],
  AutomaticScalesEstimation: ["true"],
  Metric: ["AdvancedMattesMutualInformation"],
  Optimizer: ["AdaptiveStochasticGradientDescent"],
  AutomaticParameterEstimation: ["true"],
  MaximumNumberOfIterations: ["256"],
  NumberOfResolutions: ["4"],
  FixedImagePyramid: ["FixedSmoothingImagePyramid"],
  MovingImagePyramid: ["MovingSmoothingImagePyramid"],
  ImageSampler: ["RandomCoordinate"],
  NewSamplesEveryIteration: ["true"],
  NumberOfSpatialSamples: ["2048"],
  NumberOfSamplesForExactGradient: ["4096"],
  CheckNumberOfSamples: ["true"],
  MaximumNumberOfSamplingAttempts: ["8"],
  Interpolator: ["LinearInterpolator"],
  ResampleInterpolator: ["FinalLinearInterpolator"],
  Resampler: ["DefaultResampler"],
  DefaultPixelValue: ["-1024"],
  ResultImagePixelType: ["float"],
  WriteResultImage: ["false"],
  RandomSeed: ["121212"],
};

/**
 * The rigid transform from points of the fixed image to points of the moving one, LPS mm.
 * @throws E_RUNTIME where elastix gives up: too little of the images overlaps, or they are flat
 */
export async function elastixRigid({ fixed, moving }: ElastixJob): Promise<AffineMap> {
  const { transformParameterObject } = await elastixNode([parameters], {
    fixed: itkImage(fixed),
    moving: itkImage(moving),
  }).catch((cause: Error) => {
    const why = (cause?.message ?? String(cause)).split("\n")[0].slice(0, 200);
    throw new TrinephronError("E_RUNTIME", `elastix could not register the phases: ${why}`, "", { cause });
  });
  const [found] = transformParameterObject as unknown as Record<string, string[]>[];
  const center = found.CenterOfRotationPoint.map(Number);
  return eulerTransform(found.TransformParameters.map(Number), [center[0], center[1], center[2]] as Vec3);
}

function itkImage({ size, spacing, origin, direction: [u, v, w], data }: Volume<Float32Array>) {
  return {
    imageType: { dimension: 3, componentType: "float32", pixelType: "Scalar", components: 1 },
    name: "image",
    size: [...size],
    spacing: [...spacing],
    origin: [...origin],
    direction: Float64Array.of(u[0], v[0], w[0], u[1], v[1], w[1], u[2], v[2], w[2]),
    data,
    metadata: new Map(),
  } as Parameters<typeof elastixNode>[1] extends infer O
    ? NonNullable<NonNullable<O>["fixed" & keyof O]>
    : never;
}
