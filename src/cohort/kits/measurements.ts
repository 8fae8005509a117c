import { appendFileSync, mkdirSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { TrinephronError } from "../../errors.ts";
import { runPool } from "../../pool.ts";
import { version } from "../../version.ts";
import type { MaskMeasures } from "./measureMask.ts";

export interface MeasureOptions {
  /** Folder in which `measurements.jsonl` keeps what has been measured, so that a stopped run goes on. */
  readonly out: string;
  /** True measures all masks anew. */
  readonly force?: boolean | undefined;
  /** Default: one a core. A thread takes up to 1 GB on the largest masks of KiTS23. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, detail?: string) => void) | undefined;
}

/** A line of `measurements.jsonl`. */
interface Line {
  readonly case: string;
  /** Size and time of the mask's file and the software's version: a line that differs in any is not used. */
  readonly mask: string;
  readonly measures: MaskMeasures;
}

/**
 * Measures masks on threads, each mask once: results go to a file as they come.
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
  progress?.(done);
  mkdirSync(out, { recursive: true });
  await runPool<string, MaskMeasures>(
    waiting.map(({ path }) => path),
    {
      worker: new URL(`./measureMask.worker${extname(import.meta.url)}`, import.meta.url),
      threads,
      signal,
      done: (index, outcome) => {
        const { case: name, mask, path } = waiting[index];
        results.set(name, named(outcome, path));
        if (!(outcome instanceof TrinephronError))
          appendFileSync(file, `${JSON.stringify({ case: name, mask, measures: outcome } satisfies Line)}\n`);
        progress?.(++done, name);
      },
    },
  );
  return results;
}

/** Nephrometry knows no files: its errors gain the file's name here. */
function named(outcome: MaskMeasures | TrinephronError, path: string): MaskMeasures | TrinephronError {
  if (!(outcome instanceof TrinephronError) || outcome.message.includes(path)) return outcome;
  return new TrinephronError(outcome.code, `${path}: ${outcome.message}`, outcome.hint, { cause: outcome });
}

async function fingerprint(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return `${size} ${Math.round(mtimeMs)} ${version}`;
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
