import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  readHeaders,
  readVolume,
  type Series,
  seriesOf,
  sourcesOf,
} from "../../../../src/imaging/formats/dicom/index.ts";
import { apply, indexToPatient } from "../../../../src/numerics/volume/geometry.ts";
import { type CtSliceOptions, ctSlice } from "./writer.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function series(slices: readonly CtSliceOptions[]): Promise<Series[]> {
  const folder = mkdtempSync(join(tmpdir(), "dicom-"));
  folders.push(folder);
  slices.forEach((slice, i) => {
    writeFileSync(join(folder, `${i}`), ctSlice(slice));
  });
  return seriesOf(await readHeaders(await sourcesOf(folder)));
}

const volumeOf = async (slices: readonly CtSliceOptions[]) =>
  readVolume((await series(slices))[0].stacks[0], "series");

const [rows, columns] = [6, 5];
/** A linear field of the patient's coordinates: interpolation must give it back exactly. */
const field = (x: number, y: number, z: number) => 2 * x - 3 * y + 4 * z;
const upright = (z: number, instance = z + 100): CtSliceOptions => at([-10, 20, z], instance);
function at(position: [number, number, number], instance: number): CtSliceOptions {
  const values = Int16Array.from({ length: rows * columns }, (_, i) =>
    Math.round(
      10 * field(position[0] + 2 * (i % columns), position[1] + Math.floor(i / columns), position[2]),
    ),
  );
  return { rows, columns, position, values, instance, spacing: [1, 2], rescale: [0.1, 0] };
}

describe("a stack", () => {
  test("is the same volume in whatever order its files come", async () => {
    const slices = [3, 6, 9, 12, 15].map((z) => upright(z));
    const { volume } = await volumeOf(slices);
    expect(volume.size).toEqual([columns, rows, 5]);
    expect(volume.spacing).toEqual([2, 1, 3]);
    expect(volume.origin).toEqual([-10, 20, 3]);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(slices, { minLength: 5 }), async (shuffled) => {
        expect((await volumeOf(shuffled)).volume).toEqual(volume);
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  test("has each voxel where the slice's header puts it, in any orientation", async () => {
    const orientations = [
      [1, 0, 0, 0, 1, 0],
      [0, 1, 0, 0, 0, -1],
      [-1, 0, 0, 0, 0.6, 0.8],
    ];
    for (const orientation of orientations) {
      const [row, column] = [orientation.slice(0, 3), orientation.slice(3)];
      const normal = [0, 1, 2].map(
        (a) => row[(a + 1) % 3] * column[(a + 2) % 3] - row[(a + 2) % 3] * column[(a + 1) % 3],
      );
      const slices = [0, 1, 2].map((k) => ({
        ...upright(0, k),
        position: [0, 1, 2].map((a) => 5 * a + 4 * k * normal[a]) as [number, number, number],
        orientation,
        values: new Int16Array(rows * columns).fill(k),
      }));
      const { volume } = await volumeOf(slices);
      const place = apply(indexToPatient(volume), [4, 5, 2]);
      [0, 1, 2].forEach((a) => {
        expect(place[a]).toBeCloseTo(5 * a + 2 * 4 * row[a] + 5 * column[a] + 8 * normal[a], 9);
      });
    }
  });

  test("drops copies, and refuses different slices at one place", async () => {
    const slices = [0, 2, 4].map((z) => upright(z));
    const doubled = await volumeOf([...slices, upright(2, 999)]);
    expect(doubled.remarks).toEqual(["1 duplicate slices dropped"]);
    expect(doubled.volume).toEqual((await volumeOf(slices)).volume);
    const other = { ...upright(2, 999), values: new Int16Array(rows * columns) };
    await expect(volumeOf([...slices, other])).rejects.toMatchObject({ code: "E_GEOMETRY" });
  });

  test("becomes two where two acquisitions lie in one series", async () => {
    const slices = [1, 2].flatMap((acquisition) =>
      [0, 2, 4].map((z) => ({ ...upright(z, 10 * acquisition + z), acquisition })),
    );
    const [{ stacks }] = await series(slices);
    expect(stacks.map((stack) => stack.slices.length)).toEqual([3, 3]);
  });

  test("is interpolated over a missing slice and over uneven distances, exactly where values are linear", async () => {
    for (const zs of [
      [0, 2, 4, 8, 10],
      [0, 2, 4, 5.5, 8],
    ]) {
      const { volume, remarks } = await volumeOf(zs.map((z, i) => upright(z, i)));
      expect(remarks.join()).toContain("uneven slices");
      expect(volume.spacing[2]).toBe(2);
      for (let k = 0; k < volume.size[2]; k++)
        expect(volume.data[k * rows * columns]).toBeCloseTo(field(-10, 20, 2 * k), 1);
    }
  });

  test("is refused with a gap no one should interpolate, and with fewer than three slices", async () => {
    await expect(volumeOf([0, 2, 4, 20, 22].map((z) => upright(z)))).rejects.toMatchObject({
      code: "E_GEOMETRY",
    });
    await expect(volumeOf([0, 2].map((z) => upright(z)))).rejects.toMatchObject({ code: "E_GEOMETRY" });
  });

  test("of 5 mm is filled where one slice is missing, in any orientation: 10 mm is not wider than 10 mm", async () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const slices = [0, 5, 10, 20, 25].map((depth, k) => ({
      ...upright(0, k),
      position: [1.7, 2.3 - s * depth, 3.1 + c * depth] as [number, number, number],
      orientation: [1, 0, 0, 0, c, s],
    }));
    expect((await volumeOf(slices)).volume.size[2]).toBe(6);
  });

  test("of a tilted gantry is sheared upright: voxels keep their place in the patient", async () => {
    const tilt = Math.tan((15 * Math.PI) / 180);
    const slices = Array.from({ length: 8 }, (_, k) => at([-10, 20 + 3 * k * tilt, 3 * k], k));
    const { volume, remarks } = await volumeOf(slices);
    expect(remarks).toEqual(["gantry tilt of 15.0° sheared upright"]);
    const { matrix, offset } = indexToPatient(volume);
    let inside = 0;
    for (let k = 0; k < 8; k++)
      for (let j = 0; j < volume.size[1]; j++) {
        const [x, y, z] = apply({ matrix, offset }, [2, j, k]);
        const first = 20 + 3 * k * tilt;
        if (y < first || y > first + rows - 1) continue;
        inside++;
        expect(volume.data[(k * volume.size[1] + j) * volume.size[0] + 2]).toBeCloseTo(field(x, y, z), 0);
      }
    expect(inside).toBeGreaterThan(30);
  });

  test("has padding as air, and whole HU as Int16", async () => {
    const slices = [0, 1, 2].map((z) => ({
      ...upright(z),
      rescale: [1, -1024] as const,
      padding: -2000,
      values: new Int16Array(rows * columns).fill(1064).fill(-2000, 0, 3),
    }));
    const { volume } = await volumeOf(slices);
    expect(volume.data).toBeInstanceOf(Int16Array);
    expect([...volume.data.slice(0, 5)]).toEqual([-1024, -1024, -1024, 40, 40]);
  });

  test("is none of localisers and reformats", async () => {
    const [{ files, stacks }] = await series([
      { ...upright(0), imageType: "ORIGINAL\\PRIMARY\\LOCALIZER" },
      { ...upright(1), imageType: "DERIVED\\SECONDARY\\MPR" },
    ]);
    expect(stacks).toEqual([]);
    expect(files.map(({ setAside }) => setAside)).toEqual([
      "a localiser",
      "a reformat or projection (DERIVED\\SECONDARY\\MPR)",
    ]);
  });
});
