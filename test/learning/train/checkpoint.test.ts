import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCheckpoint, writeCheckpoint } from "../../../src/learning/train/checkpoint.ts";

const checkpoint = {
  run: "abc",
  history: [
    {
      epoch: 1,
      learningRate: 0.1,
      trainLoss: 1,
      validationLoss: 2,
      validationAuc: { stage: 0.7 },
      seconds: 3.5,
    },
  ],
  bestEpoch: 1,
  vectors: { theta: Float32Array.of(1, -0, Number.NaN, 1e-40), steps: Float32Array.of(7) },
};

describe("a checkpoint", async () => {
  const folder = await mkdtemp(join(tmpdir(), "checkpoint-"));
  const path = join(folder, "checkpoint.bin");

  test("comes back bit for bit and leaves no other file", async () => {
    await writeCheckpoint(path, checkpoint);
    expect(await readCheckpoint(path, "abc")).toEqual(checkpoint);
    expect(await readdir(folder)).toEqual(["checkpoint.bin"]);
  });

  test("that is not there is none; of another run or damaged in any byte it is refused", async () => {
    expect(await readCheckpoint(join(folder, "none.bin"), "abc")).toBeUndefined();
    await expect(readCheckpoint(path, "xyz")).rejects.toMatchObject({ code: "E_CHECKPOINT" });
    const whole = await readFile(path);
    const damaged = join(folder, "damaged.bin");
    for (let at = 0; at < whole.length; at += 13) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0x10;
      await writeFile(damaged, bytes);
      await expect(readCheckpoint(damaged, "abc")).rejects.toMatchObject({ code: "E_CHECKPOINT" });
    }
    await writeFile(damaged, whole.subarray(0, whole.length - 5));
    await expect(readCheckpoint(damaged, "abc")).rejects.toMatchObject({ code: "E_CHECKPOINT" });
  });
});
