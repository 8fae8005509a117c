import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeNifti } from "../../../src/imaging/formats/nifti/index.ts";
import { affectedKidney } from "../../../src/imaging/nephrometry/index.ts";
import { cropCase } from "../../../src/learning/crop/crop.ts";
import { cachedCrop } from "../../../src/learning/crop/cropCache.ts";
import type { CropSettings } from "../../../src/learning/crop/cropInput.ts";
import { loadCrops } from "../../../src/learning/crop/loadCrops.ts";
import { indexToPoint, type Vec3, type Volume } from "../../../src/numerics/volume/index.ts";
import type { Case } from "../../../src/patients/cohort/case.ts";
import { caseOf } from "../../patients/cohort/arbitrary.ts";
import { kidneys } from "../../patients/cohort/bodies.ts";

const folder = await mkdtemp(join(tmpdir(), "trinephron-crop-"));
afterAll(() => rm(folder, { recursive: true }));

const phases = ["corticomedullary", "nephrographic", "excretory"] as const;
const settings: CropSettings = {
  center: "kidney",
  fieldOfViewMm: 60,
  voxels: 20,
  window: [-150, 350],
  phases,
  maskChannels: true,
};
const mask = kidneys();
/** HU that grow along each axis: what a crop must show at a place is known without cutting it. */
const slopes: readonly Vec3[] = [
  [2.2, -1.4, 1.8],
  [-2, 1.2, 1.6],
  [1, 2.2, -1.5],
];
const huAt = (p: number, [l, q, s]: Vec3) =>
  150 + slopes[p][0] * l + slopes[p][1] * q + slopes[p][2] * (s - 60);
const gradient = (p: number): Volume<Float32Array> => {
  const [nx, ny] = mask.size;
  const at = (n: number): Vec3 => [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
  return { ...mask, data: Float32Array.from(mask.data, (_, n) => huAt(p, indexToPoint(mask, at(n)))) };
};
const whole = (more: Partial<Case> = {}): Case =>
  caseOf("a", {
    images: Object.fromEntries(phases.map((phase) => [phase, `${phase}.nii`])),
    mask: "mask.nii",
    ...more,
  });
const write = (name: string, volume: Volume) => writeNifti(join(folder, name), volume);
const given = (phase: string, path: string) => whole({ images: { ...whole().images, [phase]: path } });

beforeAll(async () => {
  await write("mask.nii", mask);
  for (const [p, phase] of phases.entries()) await write(`${phase}.nii`, gradient(p));
});

describe("a crop", () => {
  test("and the wider cube around it are each what a crop of that edge alone is, and stay so in the cache", async () => {
    const both = await cropCase(folder, whole(), { ...settings, contextMm: 90 });
    const { context, ...own } = both;
    expect(own).toEqual(await cropCase(folder, whole(), settings));
    const { hu, mask: occupancy } = await cropCase(folder, whole(), { ...settings, fieldOfViewMm: 90 });
    expect(context).toEqual({ hu, mask: occupancy });
    const cache = join(folder, "wider");
    const cached = () => cachedCrop(folder, whole(), { ...settings, contextMm: 90 }, cache);
    expect(await cached()).toEqual(both);
    expect(await cached()).toEqual(both);
    expect(await cachedCrop(folder, whole(), settings, cache)).toEqual(own);
  });

  test("lies on the affected kidney's box, its axes along L, P, S, in HU", async () => {
    const { hu, present, mask: occupancy } = await cropCase(folder, whole(), settings);
    const { box } = affectedKidney(mask);
    const [ci, cj, ck] = [0, 1, 2].map((a) => (box.start[a] + box.end[a] - 1) / 2);
    const center = indexToPoint(mask, [ci, cj, ck]);
    expect(present).toEqual([true, true, true]);
    for (let p = 0, n = 0; p < 3; p++)
      for (let k = 0; k < 20; k++)
        for (let j = 0; j < 20; j++)
          for (let i = 0; i < 20; i++, n++) {
            const place = [i, j, k].map((x, a) => center[a] + (x - 9.5) * 3);
            const inside = place.every(
              (x, a) => x >= mask.origin[a] && x <= mask.origin[a] + (mask.size[a] - 1) * mask.spacing[a],
            );
            if (inside) expect(Math.abs(hu[n] - huAt(p, [place[0], place[1], place[2]]))).toBeLessThan(0.51);
          }
    const size = 20 ** 3;
    const [kidney, tumor] = [occupancy.subarray(0, size), occupancy.subarray(size)];
    tumor.forEach((share, v) => expect(share).toBeLessThanOrEqual(kidney[v]));
    // A sphere of 30 mm, 27 mm³ a voxel.
    const voxels = tumor.reduce((sum, share) => sum + share / 255, 0);
    expect(voxels * 27).toBeGreaterThan(0.9 * (Math.PI / 6) * 30 ** 3);
    expect(voxels * 27).toBeLessThan(1.1 * (Math.PI / 6) * 30 ** 3);
  });

  test("outside the image holds the window's lower end, and an absent phase zeros", async () => {
    const images = { nephrographic: "nephrographic.nii" };
    const { hu, present } = await cropCase(folder, whole({ images }), {
      ...settings,
      fieldOfViewMm: 300,
    });
    expect(present).toEqual([false, true, false]);
    const size = 20 ** 3;
    expect(new Set(hu.subarray(0, size))).toEqual(new Set([0]));
    expect(hu[size]).toBe(-150);
  });

  test("is the same however the image's axes run", async () => {
    const [nx] = mask.size;
    const mirrored = <T extends Volume>(v: T): Volume => ({
      ...v,
      origin: [v.origin[0] + (nx - 1) * v.spacing[0], v.origin[1], v.origin[2]],
      direction: [[-1, 0, 0], v.direction[1], v.direction[2]],
      data: v.data.map((_, n) => v.data[n - (n % nx) + (nx - 1 - (n % nx))]),
    });
    await write("mirrored.nii", mirrored(gradient(1)));
    await write("mirrored-mask.nii", mirrored(mask));
    const turned = { ...given("nephrographic", "mirrored.nii"), mask: "mirrored-mask.nii" };
    expect(await cropCase(folder, turned, settings)).toEqual(await cropCase(folder, whole(), settings));
  });
});

test.each([
  ["empty", "the mask is empty", () => 0],
  ["without a tumour", "no tumour", (label: number) => Number(label > 0)],
  ["without a kidney", "no kidney", (label: number) => (label === 2 ? 2 : 0)],
  ["of other labels", "label 7", (label: number) => 7 * label],
  ["of fractions", "label 0.5", (label: number) => label / 2],
])("a mask %s is E_MASK, with its file's name", async (_, says, change) => {
  await write("bad-mask.nii", { ...mask, data: Float32Array.from(mask.data, change) });
  await expect(cropCase(folder, whole({ mask: "bad-mask.nii" }), settings)).rejects.toMatchObject({
    code: "E_MASK",
    message: expect.stringMatching(new RegExp(`bad-mask\\.nii: .*${says}`)),
  });
});

describe("voxels that are no HU", () => {
  const changed = async (name: string, change: (hu: number, label: number, n: number) => number) => {
    const image = gradient(1);
    await write(name, { ...image, data: image.data.map((hu, n) => change(hu, mask.data[n], n)) });
    return cropCase(folder, whole({ images: { nephrographic: name } }), settings);
  };

  test("numbers beyond 16 bits are clamped, not wrapped round", async () => {
    const { hu } = await changed("metal.nii", (v, label, n) =>
      label > 0 ? v : [1e6, 40_000, -40_000, -1e30, 1e30][n % 5],
    );
    const [low, high] = [hu.reduce((a, b) => Math.min(a, b)), hu.reduce((a, b) => Math.max(a, b))];
    expect([low, high]).toEqual([-32768, 32767]);
    const solid = await changed("solid.nii", (v, label, n) => (label > 0 ? v : n < 9 ? -1 : 70_000));
    const beside = solid.hu.subarray(20 ** 3, 2 * 20 ** 3).filter((v) => v < -1000);
    expect(beside.length).toBe(0);
  });

  test("NaN outside the kidney is outside the image; within it, an error", async () => {
    const { hu } = await changed("nan.nii", (v, label, n) => (label === 0 && n % 3 > 0 ? Number.NaN : v));
    const same = await changed("filled.nii", (v, label, n) => (label === 0 && n % 3 > 0 ? -150 : v));
    expect(hu).toEqual(same.hu);
    for (const bad of [Number.NaN, Infinity, -Infinity])
      await expect(changed("hole.nii", (v, label) => (label === 2 ? bad : v))).rejects.toMatchObject({
        code: "E_VALUE",
        message: expect.stringMatching(/hole\.nii: \d+ voxels of the kidney or tumour are not a number/),
      });
  });

  test.each([
    ["an 8-bit picture", (hu: number) => Math.min(Math.max((hu + 150) / 2, 0), 255)],
    ["a lost intercept", (hu: number) => hu + 1024],
    ["a normalised image", (hu: number) => (hu - 100) / 80],
    ["stored values of another slope", (hu: number) => 20 * hu],
  ])("%s", async (_, change) => {
    await expect(changed("other.nii", change)).rejects.toMatchObject({
      code: "E_VALUE",
      message: expect.stringMatching(/other\.nii: .*no Hounsfield units/),
    });
  });
});

describe("the cache", () => {
  const cache = join(folder, "cache");

  test("gives back what was cut, keyed by the files' contents and the settings", async () => {
    const first = await cachedCrop(folder, whole(), settings, cache);
    expect(first).toEqual(await cropCase(folder, whole(), settings));
    expect(await cachedCrop(folder, whole(), settings, cache)).toEqual(first);
    const [name] = await readdir(cache);
    expect(await readdir(cache)).toEqual([name]);
    await cachedCrop(folder, whole(), { ...settings, fieldOfViewMm: 80 }, cache);
    await cachedCrop(folder, given("excretory", "filled.nii"), settings, cache);
    expect((await readdir(cache)).length).toBe(3);
    // The network's view of the same voxels, not the voxels.
    await cachedCrop(folder, whole(), { ...settings, maskChannels: false }, cache);
    expect((await readdir(cache)).length).toBe(3);
  });

  test("a damaged file is cut again", async () => {
    const [name] = await readdir(cache);
    const bytes = await readFile(join(cache, name));
    await writeFile(join(cache, name), bytes.subarray(0, bytes.length >> 1));
    await cachedCrop(folder, whole(), settings, cache);
    await cachedCrop(folder, whole(), { ...settings, fieldOfViewMm: 80 }, cache);
    await cachedCrop(folder, given("excretory", "filled.nii"), settings, cache);
    expect(await readFile(join(cache, name))).toEqual(bytes);
  });

  test("cases of the same files, in two threads at once, are one crop each and one file", async () => {
    const own = join(folder, "race");
    const cases = Array.from({ length: 8 }, (_, i) => ({ ...whole(), case: `c${i}` }));
    const seen: number[] = [];
    const crops = await loadCrops({ folder, cases }, settings, {
      cacheFolder: own,
      threads: 2,
      progress: (_, done) => seen.push(done),
    });
    expect(crops.map((c) => c.case)).toEqual(cases.map((c) => c.case));
    for (const crop of crops) expect(crop.hu).toEqual(crops[0].hu);
    expect((await readdir(own)).length).toBe(1);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("a case's error keeps its code; a stop keeps the crops cut", async () => {
    const cases = [whole(), { ...whole(), case: "b", mask: "none.nii" }];
    const options = { cacheFolder: join(folder, "other"), threads: 1 };
    await expect(loadCrops({ folder, cases }, settings, options)).rejects.toMatchObject({
      code: "E_FILE_MISSING",
      message: expect.stringContaining("none.nii"),
    });
    const controller = new AbortController();
    const stopped = loadCrops({ folder, cases: [cases[0], cases[0]] }, settings, {
      ...options,
      signal: controller.signal,
      progress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    expect((await readdir(options.cacheFolder)).length).toBe(1);
  });
});

describe("crops without a kidney", () => {
  const tumor: Volume<Uint8Array> = { ...mask, data: mask.data.map((label) => (label === 2 ? 2 : 0)) };
  const around = { ...settings, center: "tumor" as const };
  beforeAll(() => write("tumor.nii", tumor));

  test("are centred on the tumour as with its kidney, and both mask channels are the tumour", async () => {
    const alone = await cropCase(folder, whole({ mask: "tumor.nii" }), around, { masks: "tumor" });
    const both = await cropCase(folder, whole(), around);
    const size = 20 ** 3;
    expect(alone.hu).toEqual(both.hu);
    expect(alone.mask.subarray(size)).toEqual(both.mask.subarray(size));
    expect(alone.mask.subarray(0, size)).toEqual(alone.mask.subarray(size));
  });

  test("without masks are the image's middle, voxel by voxel where the grid is the same", async () => {
    const n = 12;
    const data = Uint8Array.from({ length: n ** 3 }, (_, v) => (v * 37) % 256);
    const grid = { ...mask, size: [n, n, n] as Vec3, spacing: [1, 1, 1] as Vec3 };
    await write("cube.nii", { ...grid, data });
    const c = caseOf("a", { images: { image: "cube.nii" } });
    const kind = { masks: "none", intensities: [0, 255] } as const;
    const cube = { ...settings, center: "image" as const, maskChannels: false, phases: ["image"] };
    const same = await cropCase(folder, c, { ...cube, voxels: n, fieldOfViewMm: n, window: [0, 255] }, kind);
    expect(same.hu).toEqual(Int16Array.from(data));
    expect(same.mask).toHaveLength(0);
    const inner = await cropCase(folder, c, { ...cube, voxels: 4, fieldOfViewMm: 4, window: [0, 255] }, kind);
    expect(inner.hu[0]).toBe(data[4 + n * (4 + n * 4)]);
  });

  test("of other settings than the masks allow are refused before a file is opened", async () => {
    const missing = { folder, cases: [whole({ mask: "absent.nii" })] };
    const asked: readonly (readonly [Partial<CropSettings>, "tumor" | "none", RegExp])[] = [
      [{ center: "kidney" }, "tumor", /crop: center: kidney, but the cohort's masks outline tumours alone/],
      [{ center: "tumor" }, "none", /crop: center: tumor, but the cohort has no masks/],
      [{ center: "image" }, "none", /crop: maskChannels: true, but the cohort has no masks/],
    ];
    for (const [more, masks, says] of asked)
      await expect(loadCrops({ ...missing, masks }, { ...settings, ...more })).rejects.toMatchObject({
        code: "E_USAGE",
        message: expect.stringMatching(says),
      });
  });
});
