import type { Vec3 } from "./volume.ts";

/** The six orders in which three axes can stand. */
export const axisOrders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const satisfies readonly Vec3[];
