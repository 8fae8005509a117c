import { expect } from "vitest";

type TypedArray = Uint8Array | Float32Array;

/**
 * Tells equal arrays of voxels and of bytes so in one loop, a hundred times as fast as Vitest, which makes a list of
 * their indices and values first. What is not equal is left to Vitest, for it says where.
 */
function sameElements(a: unknown, b: unknown): true | undefined {
  if (!isTypedArray(a) || !isTypedArray(b)) return undefined;
  if (a.constructor !== b.constructor || a.length !== b.length) return undefined;
  for (let n = 0; n < a.length; n++) if (!Object.is(a[n], b[n])) return undefined;
  return true;
}

const isTypedArray = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

// This file is loaded before each test file, into the same process: every comparison would ask each of its testers.
const loaded = globalThis as { sameElementsAdded?: true };
if (!loaded.sameElementsAdded) expect.addEqualityTesters([sameElements]);
loaded.sameElementsAdded = true;
