import { TrinephronError } from "../../../base/errors.ts";
import type { Vec3 } from "../../../numerics/volume/volume.ts";

function numbers(option: string, text: string, count: number): number[] {
  const values = text.split(",").map(Number);
  if (values.length !== count || !values.every(Number.isFinite))
    throw new TrinephronError("E_USAGE", `${option} ${text}: not ${count} numbers with commas between`);
  return values;
}

/** Parses `--point`, LPS mm. */
export const point = (text: string): Vec3 => numbers("--point", text, 3) as unknown as Vec3;

/** Parses `--box`: two corners, LPS mm, the lesser first along each axis. */
export function box(text: string): readonly [Vec3, Vec3] {
  const [a, b, c, d, e, f] = numbers("--box", text, 6);
  return [
    [Math.min(a, d), Math.min(b, e), Math.min(c, f)],
    [Math.max(a, d), Math.max(b, e), Math.max(c, f)],
  ];
}
