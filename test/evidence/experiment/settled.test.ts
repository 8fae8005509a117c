import { expect, test } from "vitest";
import { TrinephronError } from "../../../src/base/errors.ts";
import { settled } from "../../../src/evidence/experiment/settled.ts";

const stopped = new TrinephronError("E_INTERRUPTED", "stopped");
const broken = new TrinephronError("E_VALUE", "diverged");

test("what all yield, in order", async () => {
  expect(await settled([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
});

test("it waits for all, and an error goes before an interruption", async () => {
  let ended = false;
  const slow = new Promise((resolve) => setTimeout(resolve, 20)).then(() => {
    ended = true;
  });
  await expect(settled([Promise.reject(stopped), Promise.reject(broken), slow])).rejects.toBe(broken);
  expect(ended).toBe(true);
  await expect(settled([Promise.resolve(), Promise.reject(stopped)])).rejects.toBe(stopped);
});
