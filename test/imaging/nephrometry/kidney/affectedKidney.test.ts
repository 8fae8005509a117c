import { describe, expect, test } from "vitest";
import { affectedKidney } from "../../../../src/imaging/nephrometry/index.ts";
import { affectedKidneys } from "../../../../src/imaging/nephrometry/kidney/affectedKidney.ts";
import { crop, type Vec3, type Volume, voxelVolumeMl } from "../../../../src/numerics/volume/index.ts";
import { type Ball, type PhantomOptions, phantom } from "../phantom.ts";

const spacing: Vec3 = [2, 2, 2];
const make = (options: PhantomOptions) => phantom({ spacing, ...options });
const ml = (volume: Volume<Uint8Array>, voxels: Uint8Array) =>
  voxels.reduce((sum, v) => sum + v, 0) * voxelVolumeMl(volume);
const lateral: Ball = { center: [-83, 0, 0], radius: 14 };
const other: Ball = { center: [60, 0, 45], radius: 10 };

describe("affectedKidney", () => {
  test("the kidney of the largest tumour, without the other", () => {
    const mask = make({ tumors: [lateral, other] });
    const { side, box, mask: region, kidney, tumor, tumors } = affectedKidney(mask);
    expect(side).toBe("right");
    const inBox = crop(mask, box);
    expect(inBox.data.filter((v) => v === 2)).toHaveLength(tumor.reduce((s, v) => s + v, 0));
    expect(inBox.origin[0] + (inBox.size[0] - 1) * 2).toBeLessThan(0);
    expect(region.size).toEqual(inBox.size.map((n) => n + 2));
    expect(kidney.every((v, n) => v === (region.data[n] === 1 ? 1 : 0))).toBe(true);
    expect(tumors).toHaveLength(1);
    expect(ml(region, tumor)).toBeCloseTo(((4 / 3) * Math.PI * 14 ** 3) / 1000, 0);
    expect(affectedKidneys(mask).map((a) => a.side)).toEqual(["right", "left"]);
  });

  test("a kidney that is alone: its side from the image's middle", () => {
    expect(affectedKidney(make({ sides: ["right"], tumors: [lateral] })).side).toBe("right");
    expect(affectedKidney(make({ sides: ["left"], tumors: [other] })).side).toBe("left");
  });

  test("two tumours of one kidney are two; specks are none", () => {
    const pole: Ball = { center: [-55, 0, 55], radius: 8 };
    const speck: Ball = { center: [-55, 22, 20], radius: 1 };
    const { tumors } = affectedKidney(make({ tumors: [pole, lateral, speck] }));
    expect(tumors).toHaveLength(2);
    expect(tumors[0].reduce((s, v) => s + v, 0)).toBeGreaterThan(tumors[1].reduce((s, v) => s + v, 0));
  });

  test("a speck of kidney is no kidney: it neither bears the tumour nor tells the side", () => {
    const mask = make({ sides: ["right"], tumors: [lateral] });
    mask.data[0] = 1;
    expect(affectedKidney(mask).side).toBe("right");
    expect(affectedKidney(mask).box).toEqual(
      affectedKidney(make({ sides: ["right"], tumors: [lateral] })).box,
    );
  });

  test("a tumour up to 10 mm off belongs to the nearest kidney, a farther one to none", () => {
    const near: Ball = { center: [-104, 0, 0], radius: 15 };
    const { side, tumors } = affectedKidney(make({ tumors: [near] }));
    expect([side, tumors.length]).toEqual(["right", 1]);
    const far: Ball = { center: [-55, 0, 78], radius: 6 };
    expect(() => affectedKidney(make({ tumors: [far] }))).toThrow(/more than 10 mm apart from any kidney/);
  });

  test("kidneys joined by an isthmus or by a tumour are parted between them", () => {
    const horseshoe = affectedKidneys(make({ isthmus: true, tumors: [lateral, other] }));
    expect(horseshoe.map((a) => a.side)).toEqual(["right", "left"]);
    const bridge: Ball = { center: [-8, 0, 0], radius: 30 };
    const [joined, ...rest] = affectedKidneys(make({ tumors: [bridge] }));
    expect(rest).toEqual([]);
    expect(joined.side).toBe("right");
    const whole = ml(joined.mask, affectedKidney(make({ tumors: [lateral] })).kidney);
    expect(ml(joined.mask, joined.kidney)).toBeLessThan(1.2 * whole);
  });

  test.each([
    ["is empty", make({ sides: [] })],
    ["no kidney", make({ sides: [], tumors: [lateral] })],
    ["no tumour", make({})],
  ])("a mask that %s: E_MASK", (_, mask) => {
    expect(() => affectedKidney(mask)).toThrow(expect.objectContaining({ code: "E_MASK" }));
  });
});
