import { expect, test } from "vitest";
import { TrinephronError } from "../../src/base/errors.ts";
import { inFile } from "../../src/base/inFile.ts";

test("an error gains the file's name, even one that its words hold by chance", () => {
  const refused = () => {
    throw new TrinephronError("E_MASK", "no kidney in the mask", "draw one");
  };
  for (const path of ["images/1.nii.gz", "mask"])
    expect(() => inFile(path, refused)).toThrow(
      expect.objectContaining({
        code: "E_MASK",
        message: `${path}: no kidney in the mask`,
        hint: "draw one",
      }),
    );
  expect(inFile("mask", () => 3)).toBe(3);
});

test("what is no user's error stays as it is", () => {
  const fault = new RangeError("out of range");
  expect(() =>
    inFile("mask", () => {
      throw fault;
    }),
  ).toThrow(fault);
});
