import { lpsDirection, type Vec3, type Volume } from "../../../src/numerics/volume/index.ts";

const size: Vec3 = [72, 48, 48];
const grid = {
  size,
  spacing: [2, 2, 2.5] as Vec3,
  origin: [-72, -40, 0] as Vec3,
  direction: lpsDirection,
};

function filled(value: (i: number, j: number, k: number) => number): Float64Array {
  const values = new Float64Array(size[0] * size[1] * size[2]);
  for (let k = 0, n = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++) for (let i = 0; i < size[0]; i++, n++) values[n] = value(i, j, k);
  return values;
}

const within = (i: number, j: number, k: number, c: Vec3, half: Vec3) =>
  ((i - c[0]) / half[0]) ** 2 + ((j - c[1]) / half[1]) ** 2 + ((k - c[2]) / half[2]) ** 2 < 1;

/** Two kidneys, hollowed towards the spine, with a tumour of about `tumorMm` at the outer edge of the left. */
export function kidneys(tumorMm = 30): Volume<Uint8Array> {
  const data = drawn.get(tumorMm) ?? draw(tumorMm);
  drawn.set(tumorMm, data);
  return { ...grid, data: data.slice() };
}
const drawn = new Map<number, Uint8Array>();

function draw(tumorMm: number): Uint8Array {
  const r = tumorMm / 2;
  const label = (i: number, j: number, k: number) => {
    if (within(i, j, k, [61, 24, 24], [r / 2, r / 2, r / 2.5])) return 2;
    const left = within(i, j, k, [54, 24, 24], [11, 12, 20]) && !within(i, j, k, [46, 24, 24], [8, 6, 8]);
    const right = within(i, j, k, [17, 24, 24], [11, 12, 20]) && !within(i, j, k, [25, 24, 24], [8, 6, 8]);
    return left || right ? 1 : 0;
  };
  return Uint8Array.from(filled(label));
}

/** A crude CT of those kidneys: cortex, medulla, and a collecting system within the hollow. */
export function ct(
  mask: Volume<Uint8Array>,
  cortex: number,
  medulla: number,
  collecting: number,
  noise = 12,
): Volume<Int16Array> {
  let n = 0;
  // A fixed pseudo-noise: this is a test of order, not of statistics.
  const jitter = () => (((n++ * 7919) % 101) / 50 - 1) * noise * 1.7;
  const hu = filled((i, j, k) => {
    const label = mask.data[i + size[0] * (j + size[1] * k)];
    const inner = within(i, j, k, [54, 24, 24], [7.5, 8, 15]) || within(i, j, k, [17, 24, 24], [7.5, 8, 15]);
    if (label === 1) return inner ? medulla : cortex;
    if (label === 2) return 100;
    const pelvis = within(i, j, k, [48, 24, 24], [4, 3, 5]) || within(i, j, k, [23, 24, 24], [4, 3, 5]);
    return pelvis ? collecting : -100;
  });
  return { ...mask, data: Int16Array.from(hu, (value) => value + jitter()) };
}
