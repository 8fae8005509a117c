import { expect, test } from "vitest";
import { scheduled } from "../../../../src/numerics/graph/file/schedule.ts";
import { concat, exp, input, mul, sum } from "../../../../src/numerics/graph/index.ts";

test("every tensor stands behind its inputs, and outputs from the deepest to the first that can be had", () => {
  const x = input("x", [3]);
  const middle = exp(mul(x, 2));
  const late = exp(exp(middle));
  const [near, far] = [mul(middle, 3), mul(late, 3)];
  const whole = concat([far, near], 0);
  const order = scheduled([sum(middle), whole]);
  expect(new Set(order).size).toBe(order.length);
  for (const tensor of order)
    for (const from of tensor.inputs) expect(order.indexOf(from)).toBeLessThan(order.indexOf(tensor));
  expect(order.indexOf(near)).toBeGreaterThan(order.indexOf(far));
  expect(order.at(-1)!.op).toBe("ReduceSum");
});
