import { expect, test } from "vitest";
import { random } from "../../../../../src/base/random.ts";
import {
  boundingBox,
  connectedComponents,
  indexToPoint,
  lpsDirection,
  type Vec3,
  type Volume,
} from "../../../../../src/numerics/volume/index.ts";
import { growFromBox, growFromPoint } from "../../../../../src/patients/study/mask/grow/grow.ts";
import { phantomCase } from "../../../../../src/patients/synthetic/phantom/phantomCase.ts";

function dice(mask: Uint8Array, truth: Uint8Array, label: number): number {
  let [both, sum] = [0, 0];
  for (let v = 0; v < mask.length; v++) {
    const [a, b] = [mask[v] === label, truth[v] === label];
    if (a && b) both++;
    sum += Number(a) + Number(b);
  }
  return (2 * both) / sum;
}

const voxel = (v: number, [nx, ny]: Vec3): Vec3 => [
  v % nx,
  Math.floor(v / nx) % ny,
  Math.floor(v / (nx * ny)),
];

/** A ball of 60 HU and 15 mm radius beside a bar of 170 HU in fat, with noise of 12 HU. */
function ballAndBar(): { image: Volume<Float32Array>; truth: Uint8Array; center: Vec3 } {
  const size: Vec3 = [70, 60, 60];
  const r = random(5);
  const data = new Float32Array(70 * 60 * 60);
  const truth = new Uint8Array(data.length);
  for (let v = 0; v < data.length; v++) {
    const [i, j, k] = voxel(v, size);
    const ball = Math.hypot(i - 30, j - 30, k - 30) <= 10;
    const bar = Math.abs(i - 48) < 9 && Math.abs(j - 30) < 12 && Math.abs(k - 30) < 25;
    truth[v] = ball ? 2 : bar ? 1 : 0;
    data[v] = (ball ? 60 : bar ? 170 : -100) + 12 * r.normal();
  }
  const image = {
    size,
    spacing: [1.5, 1.5, 1.5] as Vec3,
    origin: [-50, 20, 900] as Vec3,
    direction: lpsDirection,
    data,
  };
  return { image, truth, center: indexToPoint(image, [30, 30, 30]) };
}

test("a ball beside a bar: from a point, from a box", () => {
  const { image, truth, center } = ballAndBar();
  const corner = (sign: number) => center.map((mm) => mm + sign * 16) as unknown as Vec3;
  const point = growFromPoint(image, center);
  const box = growFromBox(image, [corner(1), corner(-1)]);
  expect(point.source).toBe("grown from a point");
  expect(box.source).toBe("grown from a box");
  expect(dice(point.volume.data, truth, 2)).toBeGreaterThan(0.8);
  expect(dice(box.volume.data, truth, 2)).toBeGreaterThan(0.9);
  for (const { volume, remarks } of [point, box]) {
    expect(dice(volume.data, truth, 1)).toBeGreaterThan(0.85);
    expect(volume.size).toEqual(image.size);
    expect(remarks.map(({ about }) => about).slice(0, 2)).toEqual(["grown mask", "other"]);
    expect(remarks[0].text).toMatch(/^tumour \(1\d\.\d mL\) and kidney grown from the image/);
  }
});

test("painted phantoms: a box gives most of the tumour and of the kidney", () => {
  for (const n of [0, 3]) {
    const { painted } = phantomCase({ center: "A", n, seed: 7, spacing: 2 });
    const { mask, phases } = painted;
    const { labels } = connectedComponents(
      mask.data.map((l) => (l === 2 ? 1 : 0)),
      mask.size,
    );
    const { start, end } = boundingBox(
      Uint8Array.from(labels, (l) => (l === 1 ? 1 : 0)),
      mask.size,
    )!;
    const low = indexToPoint(mask, start);
    const high = indexToPoint(mask, end.map((e) => e - 1) as unknown as Vec3);
    const grown = growFromBox(phases.nephrographic, [low, high]);
    expect(dice(grown.volume.data, mask.data, 2)).toBeGreaterThan(0.75);
    expect(dice(grown.volume.data, mask.data, 1)).toBeGreaterThan(0.75);
  }
});

test("a box smaller than the tumour is doubted, one around it is not", () => {
  const { image, center } = ballAndBar();
  const beyond = "the tumour may go on beyond the box: check its edges, or draw the box larger";
  const remarks = (half: number) => {
    const corner = (sign: number) => center.map((mm) => mm + sign * half) as unknown as Vec3;
    return growFromBox(image, [corner(-1), corner(1)]).remarks.map(({ text }) => text);
  };
  expect(remarks(7)).toContain(beyond);
  for (const half of [15, 18, 22]) expect(remarks(half)).not.toContain(beyond);
});

test("nothing that stands out, fat, air, places outside: refused", () => {
  const { image, center } = ballAndBar();
  const refused = (run: () => unknown, message: RegExp) =>
    expect(run).toThrow(expect.objectContaining({ code: "E_MASK", message: expect.stringMatching(message) }));
  refused(() => growFromPoint(image, [1000, 0, 0]), /outside the images/);
  refused(() => growFromPoint(image, [Number.NaN, 0, 0]), /outside the images/);
  refused(() => growFromPoint(image, indexToPoint(image, [8, 8, 8])), /nothing stands out|no soft tissue|mL/);
  refused(() => growFromBox(image, [center, center]), /edges of 5 to 250 mm/);
  const even = { ...image, data: image.data.map(() => 40) };
  refused(() => growFromPoint(even, center), /nothing stands out/);
});

test("without contrast medium there is no kidney, which is said", () => {
  const { image, center } = ballAndBar();
  const plain = { ...image, data: image.data.map((hu) => Math.min(hu, 35)) };
  const corner = (sign: number) => center.map((mm) => mm + sign * 16) as unknown as Vec3;
  const { volume, remarks } = growFromBox(plain, [corner(1), corner(-1)]);
  expect(volume.data.includes(1)).toBe(false);
  expect(remarks.at(-1)?.text).toMatch(/no enhanced kidney found/);
});
