import { extname } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";
import { runPool } from "../../../base/threads.ts";
import type { Work } from "../../../base/work.ts";
import { type Cohort, masksOf, type Phase } from "../case.ts";
import { type Contents, type ContentsJob, checkDuplicates } from "./contents.ts";
import { type Finding, fault } from "./finding.ts";
import { type CaseHeaders, checkHeaders, readHeaders } from "./headers.ts";
import { checkLabels } from "./labels.ts";

export type { Finding } from "./finding.ts";

/** How thoroughly a cohort is checked. */
export interface CheckOptions extends Work {
  /** False leaves voxels unread: labels, files and geometry alone, in a second. Default true. */
  readonly contents?: boolean;
}

/**
 * Looks for all that could spoil a study: contradictory labels, the same patient twice or in two centres, tasks of one
 * class, missing or broken files, images and masks that do not lie on each other, masks without kidney or tumour,
 * the same voxels under two names, phases that seem swapped.
 *
 * @returns errors first, each kind in the cohort's order
 * @throws E_INTERRUPTED
 */
export async function checkCohort(cohort: Cohort, options: CheckOptions = {}): Promise<Finding[]> {
  const headers = await readHeaders(cohort);
  const findings = [...checkLabels(cohort), ...checkHeaders(headers, cohort)];
  if (options.contents ?? true) findings.push(...(await checkContents(cohort, headers, options)));
  const order = new Map(cohort.cases.map((c, i) => [c.case, i]));
  const rank = ({ severity, case: name }: Finding) =>
    (severity === "error" ? 0 : cohort.cases.length + 1) + (name === null ? 0 : 1 + (order.get(name) ?? 0));
  return findings.sort((a, b) => rank(a) - rank(b));
}

/**
 * Refuses a cohort that cannot be worked with, by its table and its files' headers alone; tasks of one class pass,
 * for not every use needs every task.
 *
 * @throws the first error, with how many more there are
 */
export async function mustBeSound(cohort: Cohort): Promise<void> {
  const findings = await checkCohort(cohort, { contents: false });
  const [first, ...others] = findings.filter((f) => f.severity === "error" && f.code !== "E_ONE_CLASS");
  if (!first) return;
  const more = others.length > 0 ? `${others.length} more; ` : "";
  throw new TrinephronError(
    first.code,
    first.case === null ? first.message : `${first.case}: ${first.message}`,
    `${more}\`trinephron cohort check\` lists all`,
  );
}

/**
 * What a cohort was not checked for, because its images or masks do not show it; a sentence each, none for kidneys in HU.
 */
export function uncheckedIn({ masks, intensities }: Pick<Cohort, "masks" | "intensities">): string[] {
  const kidneys = ["enhancement", "the order of the phases"];
  return [
    ...(masksOf({ masks }) === "kidney"
      ? []
      : [
          `${masks === "none" ? "There are no masks" : "The masks outline tumours alone"}: not checked are ${kidneys.join(" and ")}, which a kidney shows.`,
        ]),
    ...(intensities
      ? [
          `The images are no CT numbers, but lie between ${intensities.join(" and ")}: nothing was checked that Hounsfield units show.`,
        ]
      : []),
  ];
}

async function checkContents(
  { folder, cases, masks, intensities }: Cohort,
  headers: readonly CaseHeaders[],
  { threads, signal, progress }: CheckOptions,
): Promise<Finding[]> {
  const jobs = headers.map(({ case: c, images, mask }): ContentsJob => {
    const readable: Phase[] = Object.keys(images);
    const kind = { masks, intensities };
    return { case: c, folder, readable: mask ? [...readable, "mask"] : readable, kind };
  });
  const outcomes: (Contents | TrinephronError)[] = [];
  let done = 0;
  await runPool<ContentsJob, Contents>(jobs, {
    worker: new URL(`./contents.worker${extname(import.meta.url)}`, import.meta.url),
    threads,
    signal,
    done: (index, outcome) => {
      outcomes[index] = outcome;
      progress?.("checking", ++done, cases.length, cases[index].case);
    },
  });
  const read = outcomes.flatMap((contents, i) =>
    contents instanceof TrinephronError ? [] : [{ case: cases[i].case, contents }],
  );
  return [
    ...outcomes.flatMap((outcome, i) =>
      outcome instanceof TrinephronError
        ? [fault(outcome.code, cases[i].case, outcome.message)]
        : outcome.findings,
    ),
    ...checkDuplicates(read),
  ];
}
