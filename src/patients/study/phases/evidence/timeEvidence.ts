import {
  type ContrastPhase,
  contrastPhases,
  type Evidence,
  favoredInWords,
  type LogLikelihoods,
  likelihoods,
  normalized,
} from "../contrastPhase.ts";
import { type Scan, scansOf } from "../scans.ts";
import type { SeriesFacts } from "./facts.ts";

/**
 * Seconds after the injection starts at which each phase is scanned: median, and spread of the logarithm. Corticomedullary
 * 25–70 s, nephrographic 80–180 s (portal-venous scans 60–80 s count as such), excretory from 3–5 min on (Young, AJR
 * 2013; Krishna, Radiographics 2017). Widths are ours, wide enough for what hospitals do.
 */
const delays: Readonly<Record<Exclude<ContrastPhase, "unenhanced">, readonly [number, number]>> = {
  corticomedullary: [36, 0.28],
  nephrographic: [90, 0.27],
  excretory: [400, 0.45],
};
/** Never less likely than this: clocks of injector and scanner disagree. */
const floor = Math.log(0.02);

/** How well a delay after the contrast medium's start, s, fits each phase; before it (< 0) only unenhanced does. */
export const delayLikelihoods = (seconds: number): LogLikelihoods =>
  likelihoods((phase) => {
    if (phase === "unenhanced") return seconds < 10 ? 0 : floor;
    const [median, spread] = delays[phase];
    return fits(Math.max(seconds, 1), median, spread);
  });

/**
 * Seconds from one scan to the next, medians; the logarithm spreads by 0.7 before the injection and by 0.45 after it.
 * From the delays above; that before the injection, and of scans of one phase, from what protocols do.
 */
const gaps: Readonly<Record<ContrastPhase, Readonly<Partial<Record<ContrastPhase, number>>>>> = {
  unenhanced: { unenhanced: 30, corticomedullary: 150, nephrographic: 210, excretory: 540 },
  corticomedullary: { corticomedullary: 13, nephrographic: 52, excretory: 330 },
  nephrographic: { nephrographic: 40, excretory: 280 },
  excretory: { excretory: 300 },
};
/** A phase is scanned twice in one study of so many. */
const again = Math.log(0.15);
/** Order and gaps without the injection's time leave room for other protocols. */
const unsure = 0.1;

/**
 * What the times of a study's series say, for each series. Where the contrast medium's start is recorded, in any series,
 * the delay after it; else the order of the scans and the gaps between them. Clocks that pass midnight are followed.
 */
export function timeEvidence(
  series: readonly Pick<SeriesFacts, "acquisitionTime" | "contrastStartTime">[],
): Evidence[][] {
  const starts = [...new Set(series.flatMap(({ contrastStartTime }) => contrastStartTime ?? []))];
  const shared = starts.length === 1 ? starts[0] : undefined;
  const scans = scansOf(series.map(({ acquisitionTime }) => acquisitionTime));
  const ordered = starts.length === 0 && scans.length > 1 ? orderLikelihoods(scans) : [];
  return series.map(({ acquisitionTime, contrastStartTime }, index) => {
    const start = contrastStartTime ?? shared;
    if (acquisitionTime !== undefined && start !== undefined) return afterStart(acquisitionTime - start);
    const scan = scans.findIndex(({ members }) => members.includes(index));
    const logLikelihoods = ordered[scan];
    if (!logLikelihoods) return [];
    const since =
      scan > 0 ? `, ${(scans[scan].time - scans[scan - 1].time).toFixed(0)} s after the one before` : "";
    return [
      {
        from: "time",
        text: `scan ${scan + 1} of ${scans.length}${since}: ${favoredInWords(logLikelihoods)}`,
        logLikelihoods,
      },
    ];
  });
}

const day = 86_400;

function afterStart(difference: number): Evidence[] {
  const seconds = ((((difference + day / 2) % day) + day) % day) - day / 2;
  // Another injection's time, or a clock that is wrong.
  if (Math.abs(seconds) > 3600) return [];
  const logLikelihoods = delayLikelihoods(seconds);
  const when = `${Math.abs(seconds).toFixed(0)} s ${seconds < 0 ? "before" : "after"} the contrast medium`;
  return [{ from: "time", text: `scanned ${when}: ${favoredInWords(logLikelihoods)}`, logLikelihoods }];
}

/** Of each scan: the sum over all ways to give the scans phases in order (a hidden Markov chain, forward and backward). */
function orderLikelihoods(scans: readonly Scan[]): LogLikelihoods[] {
  const step = (n: number, from: ContrastPhase, to: ContrastPhase): number => {
    const median = gaps[from][to];
    if (median === undefined) return -Infinity;
    const spread = from === "unenhanced" ? 0.7 : 0.45;
    return fits(scans[n + 1].time - scans[n].time, median, spread) + (from === to ? again : 0);
  };
  const forward = [likelihoods(() => 0)];
  for (let n = 0; n + 1 < scans.length; n++)
    forward.push(
      likelihoods((to) => logSum(contrastPhases.map((from) => forward[n][from] + step(n, from, to)))),
    );
  let backward = likelihoods(() => 0);
  const found: LogLikelihoods[] = [];
  for (let n = scans.length - 1; n >= 0; n--) {
    const share = normalized(likelihoods((phase) => forward[n][phase] + backward[phase]));
    found[n] = likelihoods((phase) => Math.log(unsure / 4 + (1 - unsure) * share[phase]));
    if (n === 0) break;
    const after = backward;
    backward = likelihoods((from) => logSum(contrastPhases.map((to) => step(n - 1, from, to) + after[to])));
  }
  return found;
}

/** Log-normal relative to its height, no lower than the floor. */
function fits(seconds: number, median: number, spread: number): number {
  const z = Math.log(seconds / median) / spread;
  return Math.max(-(z * z) / 2, floor);
}

const logSum = (logs: readonly number[]): number => {
  const highest = Math.max(...logs);
  return highest === -Infinity
    ? -Infinity
    : highest + Math.log(logs.reduce((sum, l) => sum + Math.exp(l - highest), 0));
};
