import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TrinephronError } from "../../../../src/base/errors.ts";
import { random } from "../../../../src/base/random.ts";
import { pixelRange } from "../../../../src/imaging/formats/dicom/fileInfo.ts";
import {
  readHeaders,
  readVolume,
  type Source,
  seriesOf,
} from "../../../../src/imaging/formats/dicom/index.ts";

const suite = join(import.meta.dirname, "../../../../../shared/data/dicom_suite");
const present = existsSync(suite);
if (!present) console.warn("skipped: ../shared/data/dicom_suite is missing");

/** Growth of resident memory over all mutations; files are smaller than 40 kB. */
const memoryLimit = 600 * 2 ** 20;

const originals = () =>
  readdirSync(suite, { recursive: true, encoding: "utf8" })
    .map((name) => join(suite, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size > 200 && statSync(path).size < 40_000)
    .sort()
    .map((path) => ({ path, bytes: readFileSync(path) }));

/** Each four times, those of many pixels once: decoding them would take nearly all of the time. */
async function weighted(files: ReturnType<typeof originals>): Promise<ReturnType<typeof originals>> {
  const times = files.map(async ({ path, bytes }) => {
    const [file] = await readHeaders([sourceOf(path, bytes)]);
    const pixels = await pixelRange(file).then(
      ({ count }) => count,
      () => 0,
    );
    return pixels > 60_000 ? 1 : 4;
  });
  const drawn = await Promise.all(times);
  return files.flatMap((file, i) => Array.from({ length: drawn[i] }, () => file));
}

type Draw = (below: number) => number;

/** Cut off, bits flipped, a length or count blown up, or foreign bytes put in between. */
function mutated(original: Buffer, draw: Draw): Buffer {
  const bytes = Buffer.from(original);
  switch (draw(4)) {
    case 0:
      return bytes.subarray(0, draw(bytes.length));
    case 1:
      for (let n = 1 + draw(8); n > 0; n--) bytes[draw(bytes.length)] ^= 1 << draw(8);
      return bytes;
    case 2:
      bytes.writeUInt32LE([0xffffffff, 0x7fffffff, 0xfffffffe, 0][draw(4)], draw(bytes.length - 4));
      return bytes;
    default: {
      const at = draw(bytes.length);
      const foreign = Buffer.from(Array.from({ length: draw(64) }, () => draw(256)));
      return Buffer.concat([bytes.subarray(0, at), foreign, bytes.subarray(at)]);
    }
  }
}

const sourceOf = (name: string, bytes: Buffer): Source => ({
  name,
  whole: async () => bytes,
  start: async (n) => bytes.subarray(0, n),
});

/** Everything that is done with a file; any other error than a coded one passes on. */
async function outcome(name: string, bytes: Buffer): Promise<string> {
  const coded = (error: unknown): string => {
    if (error instanceof TrinephronError) return error.code;
    throw error;
  };
  const files = await readHeaders([sourceOf(name, bytes)]);
  for (const { stacks } of seriesOf(files))
    for (const stack of stacks) await readVolume(stack, name).catch(coded);
  return files[0].error?.code ?? (await pixelRange(files[0]).then(() => "read", coded));
}

test.skipIf(!present)(
  "10 000 damaged files are read, or refused with a code, in bounded memory",
  async () => {
    const files = await weighted(originals());
    const { uniform } = random(1);
    const draw: Draw = (below) => Math.floor(uniform() * below);
    const before = process.memoryUsage().rss;
    const outcomes = new Map<string, number>();
    for (let n = 0; n < 10_000; n++) {
      const { path, bytes } = files[draw(files.length)];
      const result = await outcome(path, mutated(bytes, draw)).catch((error) => {
        throw new Error(`mutation ${n} of ${path}: ${error?.stack ?? error}`);
      });
      outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
    }
    expect([...outcomes.keys()].sort()).toEqual([
      "E_FILE_TRUNCATED",
      "E_FORMAT",
      "E_UNSUPPORTED",
      "E_VALUE",
      "read",
    ]);
    expect(outcomes.get("read")).toBeGreaterThan(1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(memoryLimit);
  },
  120_000,
);

test.skipIf(!present)("a data set nested ten thousand deep is refused, not a crash", async () => {
  const item = Buffer.from([
    0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 255, 0, 0xe0, 255, 255, 255, 255,
  ]);
  const bytes = Buffer.concat(Array.from({ length: 10_000 }, () => item));
  expect(await outcome("nested.dcm", bytes)).toMatch(/^E_/);
});
