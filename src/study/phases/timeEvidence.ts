import { type ContrastPhase, type Evidence, type LogLikelihoods, likelihoods } from "./contrastPhase.ts";
import type { SeriesFacts } from "./facts.ts";

/**
 * Seconds after the injection starts at which each phase is scanned: median, and spread of the logarithm. Corticomedullary
 * 25–70 s, nephrographic 80–180 s (portal-venous scans 60–80 s count as such), excretory from 3–5 min on (Young, AJR
 * 2013; Krishna, Radiographics 2017). Widths are ours, wide enough for what hospitals do.
 */
const delays: Readonly<Record<Exclude<ContrastPhase, "unenhanced">, readonly [number, number]>> = {
  corticomedullary: [38, 0.28],
  nephrographic: [90, 0.27],
  excretory: [400, 0.45],
};
/** Never less likely than this: clocks of injector and scanner disagree. */
const floor = Math.log(0.02);

/** How well a delay fits each phase. */
export const delayLikelihoods = (seconds: number): LogLikelihoods =>
  likelihoods((phase) => {
    if (phase === "unenhanced") return seconds < 10 ? 0 : floor;
    const [median, spread] = delays[phase];
    const z = Math.log(Math.max(seconds, 1) / median) / spread;
    return Math.max(-(z * z) / 2, floor);
  });

/** What the time after the contrast medium's start says. */
export function timeEvidence({
  acquisitionTime,
  contrastStartTime,
}: Pick<SeriesFacts, "acquisitionTime" | "contrastStartTime">): Evidence[] {
  if (acquisitionTime === undefined || contrastStartTime === undefined) return [];
  const day = 86_400;
  const after = (((acquisitionTime - contrastStartTime + day / 2) % day) + day) % day;
  const seconds = after - day / 2;
  if (seconds > 3600) return [];
  return [
    {
      from: "time",
      text:
        seconds < 0
          ? `scanned ${(-seconds).toFixed(0)} s before the contrast medium`
          : `scanned ${seconds.toFixed(0)} s after the contrast medium`,
      logLikelihoods: delayLikelihoods(Math.max(seconds, 0)),
    },
  ];
}
