/**
 * 500 uncompressed slices into one volume against dcm2niix, in turns: `node bench/dicom.ts [pairs]`.
 * Needs Debian's dcm2niix. The slices are made here: noise around a phantom's HU, 512 × 512, 252 MB.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textTable } from "../src/apps/cli/support/io.ts";
import { quantile } from "../src/numerics/stats/index.ts";
import { ctSlice } from "../test/imaging/formats/dicom/writer.ts";

const pairs = Number(process.argv[2] ?? 5);
const slices = 500;
const folder = mkdtempSync(join(tmpdir(), "bench-dicom-"));
const input = join(folder, "in");
mkdirSync(input);
const values = Int16Array.from({ length: 512 * 512 }, (_, i) => ((i * 2654435761) >>> 21) - 1024);
for (let k = 0; k < slices; k++)
  writeFileSync(
    join(input, `${k}.dcm`),
    ctSlice({ rows: 512, columns: 512, position: [0, 0, k], values, instance: k + 1 }),
  );

const script = `
  const { readHeaders, readVolume, seriesOf, sourcesOf } = await import(${JSON.stringify(
    new URL("../src/imaging/formats/dicom/index.ts", import.meta.url).href,
  )});
  const start = performance.now();
  const [series] = seriesOf(await readHeaders(await sourcesOf(${JSON.stringify(input)})));
  const { volume } = await readVolume(series.stacks[0], "bench");
  console.log(JSON.stringify({
    seconds: (performance.now() - start) / 1000,
    voxels: volume.data.length,
    bytes: volume.data.byteLength,
    peak: process.resourceUsage().maxRSS * 1024,
  }));`;
const ours = () =>
  JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }));
const theirs = () => {
  const start = performance.now();
  execFileSync("dcm2niix", ["-z", "n", "-f", "out", "-o", folder, input], { stdio: "ignore" });
  return (performance.now() - start) / 1000;
};
const median = (list: readonly number[]) => quantile(list, 0.5);

try {
  ours();
  const hasPeer = spawnSync("dcm2niix", ["--version"]).error === undefined;
  const own = [];
  const peer: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    own.push(ours());
    if (hasPeer) peer.push(theirs());
  }
  const ratios = own.flatMap(({ seconds }, i) => (hasPeer ? [seconds / peer[i]] : []));
  console.log(
    textTable(
      ["figure", "median", "smallest–largest"],
      [
        row(
          "seconds",
          own.map(({ seconds }) => seconds),
        ),
        row(
          "peak memory ÷ volume",
          own.map(({ peak, bytes }) => peak / bytes),
        ),
        ...(hasPeer ? [row("dcm2niix, whole process, seconds", peer), row("ratio of time", ratios)] : []),
      ],
    ),
  );
  if (!hasPeer) console.warn("dcm2niix is not installed: no peer");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function row(name: string, list: readonly number[]): string[] {
  return [name, median(list).toFixed(2), `${Math.min(...list).toFixed(2)}–${Math.max(...list).toFixed(2)}`];
}
