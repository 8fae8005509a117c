import { derivedSeed } from "../../../base/random.ts";
import type { Vec3 } from "../../../numerics/volume/index.ts";
import { spaceFieldAt } from "./spaceField.ts";

/** Amplitude and lattice distance, mm, of the displacements between a patient and the upright body of the plans. */
export const warps = [
  [6.5, 110],
  [2, 42],
] as const;

export const warpSeed = (seed: number, axis: number, cell: number): number =>
  derivedSeed(seed, "warp", axis, cell);

/** Where a place of the body lies in the patient, LPS mm, to about a millimetre: body = patient + displacement(patient). */
export function toPatient(seed: number, body: Vec3): Vec3 {
  const parts = [0, 1, 2].map((axis) =>
    warps.map(([mm, cell]) => ({ mm, cell, seed: warpSeed(seed, axis, cell) })),
  );
  let point = body;
  for (let round = 0; round < 3; round++)
    point = parts.map((own, axis) =>
      own.reduce((place, { mm, cell, seed }) => place - mm * spaceFieldAt(point, cell, seed), body[axis]),
    ) as unknown as Vec3;
  return point;
}
