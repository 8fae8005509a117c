import { expect } from "vitest";

/** Equal to a relative error, which `toBeCloseTo` cannot say of figures such as 1e-24. */
export function expectClose(actual: number, expected: number, relative = 1e-12): void {
  const error = expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);
  expect(error, `${actual} against ${expected}`).toBeLessThanOrEqual(relative);
}

/** The code of the error that `act` throws. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "nothing thrown";
}
