import { distanceTransform, type Vec3 } from "../../../numerics/volume/index.ts";
import { cubeCodes } from "./cubeCodes.ts";
import { surfaceElementAreas } from "./surfaceElementAreas.ts";

/** The elements of one mask's surface. */
export interface SurfaceElements {
  /** To the nearest element of the other surface, mm, ascending. */
  readonly distances: Float32Array;
  /** Of each element, mm². */
  readonly areas: Float64Array;
}

/** Both surfaces, each measured to the other. */
export interface SurfaceDistances {
  readonly reference: SurfaceElements;
  readonly predicted: SurfaceElements;
}

/**
 * Every element of each mask's surface with its area and its distance to the other mask's surface, as DeepMind's
 * surface-distance measures them: elements lie where eight voxels meet that are not all alike.
 *
 * @param reference not 0 inside, as `predicted`; neither is empty
 * @param spacing mm along i, j, k; axes taken as orthogonal
 */
export function surfaceDistances(
  reference: Uint8Array,
  predicted: Uint8Array,
  size: Vec3,
  spacing: Vec3,
): SurfaceDistances {
  const areas = surfaceElementAreas(spacing);
  const [own, other] = [cubeCodes(reference, size), cubeCodes(predicted, size)];
  return {
    reference: elements(own.codes, distancesTo(other.codes, own.size, spacing), areas),
    predicted: elements(other.codes, distancesTo(own.codes, own.size, spacing), areas),
  };
}

const isSurface = (code: number) => code !== 0 && code !== 255;

function distancesTo(codes: Uint8Array, size: Vec3, spacing: Vec3): Float32Array {
  const surface = new Uint8Array(codes.length);
  for (let n = 0; n < codes.length; n++) surface[n] = isSurface(codes[n]) ? 1 : 0;
  return distanceTransform(surface, size, spacing);
}

function elements(codes: Uint8Array, distance: Float32Array, areaOf: Float64Array): SurfaceElements {
  const places: number[] = [];
  for (let n = 0; n < codes.length; n++) if (isSurface(codes[n])) places.push(n);
  const order = Uint32Array.from(places).sort((a, b) => distance[a] - distance[b]);
  return {
    distances: Float32Array.from(order, (n) => distance[n]),
    areas: Float64Array.from(order, (n) => areaOf[codes[n]]),
  };
}
