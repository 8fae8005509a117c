import { access } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TrinephronError } from "../../base/errors.ts";
import { readWhole, writeWhole } from "../../base/files.ts";

export const flowStep = z.object({
  step: z.string(),
  in: z.int(),
  out: z.int(),
  excluded: z.array(z.object({ reason: z.string(), n: z.int() })),
  development: z
    .string()
    .optional()
    .describe("centre whose cases this step sends to development: they leave the test, not the study"),
});
/** One line of the study flow: how many cases came in, how many stayed, and why the rest did not. */
export type FlowStep = z.infer<typeof flowStep>;

/** One step of a flow: items with a reason against them go, counted by reason; the rest stay. */
export function flowOf<T>(
  step: string,
  items: readonly T[],
  reasonAgainst: (item: T) => string | undefined,
): { readonly kept: T[]; readonly step: FlowStep } {
  const counts = new Map<string, number>();
  const kept = items.filter((item) => {
    const reason = reasonAgainst(item);
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return reason === undefined;
  });
  const excluded = [...counts].map(([reason, n]) => ({ reason, n })).sort((a, b) => b.n - a.n);
  return { kept, step: { step, in: items.length, out: kept.length, excluded } };
}

/** Where a cohort's flow lies: beside its `cohort.csv`. */
const flowPath = (folder: string): string => join(folder, "flow.json");

export const writeFlow = (folder: string, flow: readonly FlowStep[]): Promise<void> =>
  writeWhole(flowPath(folder), `${JSON.stringify(flow, null, 2)}\n`);

/**
 * The flow of a cohort; empty where it has none (a cohort written by hand).
 * @throws E_FORMAT for a file that is not a flow
 */
export async function readFlow(folder: string): Promise<FlowStep[]> {
  const path = flowPath(folder);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) return [];
  try {
    return z.array(flowStep).parse(JSON.parse((await readWhole(path)).toString("utf8")));
  } catch (error) {
    if (error instanceof TrinephronError) throw error;
    throw new TrinephronError("E_FORMAT", `${path}: not a study flow`, "import the cohort again", {
      cause: error,
    });
  }
}
