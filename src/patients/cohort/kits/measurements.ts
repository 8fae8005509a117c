import { appendFileSync, mkdirSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { runPool } from "../../../base/threads.ts";
import { version } from "../../../base/version.ts";
import type { Work } from "../../../base/work.ts";
import type { MaskMeasures } from "./measureMask.ts";

export interface MeasureOptions extends Work {
  /** Folder in which `measurements.jsonl` keeps what has been measured, so that a stopped run goes on. */
  readonly out: string;
  /** True measures all masks anew. */
  readonly force?: boolean | undefined;
}

/** Raised whenever masks are measured otherwise. */
const rules = 2;

/** A line of `measurements.jsonl`. */
interface Line {
  readonly case: string;
  /** Size and time of the mask's file, the software's version and {@link rules}: a line that differs in any is not used. */
  readonly mask: string;
  readonly measures: MaskMeasures;
}

/**
 * Measures masks on threads, each mask once: results go to a file as they come. A thread takes up to 1 GB on the
 * largest masks of KiTS23.
 *
 * @returns by case, what was measured or why not
 * @throws E_INTERRUPTED
 */
export async function measureMasks(
  masks: readonly { readonly case: string; readonly path: string }[],
  { out, force = false, threads, signal, progress }: MeasureOptions,
): Promise<Map<string, MaskMeasures | TrinephronError>> {
  const file = join(out, "measurements.jsonl");
  const before = force ? new Map<string, MaskMeasures>() : await measuredBefore(file);
  const results = new Map<string, MaskMeasures | TrinephronError>();
  const waiting: { case: string; path: string; mask: string }[] = [];
  for (const { case: name, path } of masks) {
    const mask = await fingerprint(path);
    const measures = before.get(`${name} ${mask}`);
    if (measures) results.set(name, measures);
    else if (mask === undefined)
      results.set(name, new TrinephronError("E_FILE_MISSING", `${path}: not there`));
    else waiting.push({ case: name, path, mask });
  }
  let done = results.size;
  progress?.("measuring masks", done, masks.length);
  mkdirSync(out, { recursive: true });
  await runPool<string, MaskMeasures>(
    waiting.map(({ path }) => path),
    {
      worker: new URL(`./measureMask.worker${extname(import.meta.url)}`, import.meta.url),
      threads,
      signal,
      done: (index, outcome) => {
        const { case: name, mask } = waiting[index];
        results.set(name, outcome);
        if (!(outcome instanceof TrinephronError))
          appendFileSync(file, `${JSON.stringify({ case: name, mask, measures: outcome } satisfies Line)}\n`);
        progress?.("measuring masks", ++done, masks.length, name);
      },
    },
  );
  return results;
}

async function fingerprint(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return `${size} ${Math.round(mtimeMs)} ${version} ${rules}`;
  } catch {
    return undefined;
  }
}

/** By case and fingerprint. A line cut off by a crash is passed over. */
async function measuredBefore(file: string): Promise<Map<string, MaskMeasures>> {
  const text = await readFile(file, "utf8").catch(() => "");
  const known = new Map<string, MaskMeasures>();
  for (const line of text.split("\n"))
    try {
      const { case: name, mask, measures } = JSON.parse(line) as Line;
      known.set(`${name} ${mask}`, measures);
    } catch {}
  return known;
}
