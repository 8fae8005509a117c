import { TrinephronError } from "../../base/errors.ts";
import { software } from "../../base/version.ts";
import type { Volume } from "../../numerics/volume/index.ts";
import { phases as allPhases } from "../cohort/case.ts";
import {
  type AlignedPhase,
  type Alignment,
  type AssembledStudy,
  type MaskSource,
  phasesIn,
  type StudyOutline,
} from "../study/assembled.ts";
import type { Pseudonyms } from "./privacy/pseudonyms.ts";

/** How a case's images came to be, without anything that tells who the patient is. */
export interface Provenance {
  readonly software: string;
  readonly reference: string;
  readonly phases: readonly PhaseProvenance[];
  readonly mask?: {
    readonly source: MaskSource;
    /** Where a program outlined it. */
    readonly outline?: StudyOutline;
    readonly remarks: readonly string[];
  };
  readonly leftOut: AssembledStudy["leftOut"];
  readonly warnings: readonly string[];
}

interface PhaseProvenance {
  readonly phase: string;
  /** UID and description are pseudonymised. */
  readonly series: { readonly uid?: string; readonly number?: number; readonly description?: string };
  readonly slices: number;
  readonly spacingMm: Volume["spacing"];
  readonly evidence: readonly string[];
  readonly confidence?: number;
  readonly alignment?: Omit<Alignment, "outcome">;
}

/** Below this a phase should be looked at. */
const sure = 0.9;

/** @param remarks of the import's own, which name nobody */
export function provenanceOf(
  study: AssembledStudy,
  remarks: readonly string[],
  pseudonyms: Pseudonyms,
  scrub: (text: string) => string,
): Provenance {
  const { reference, phases, mask, leftOut, warnings } = study;
  const own = (uid: string) => (pseudonyms.kept ? uid : pseudonyms.uid(uid));
  return {
    software,
    reference,
    phases: phasesIn({ phases }).map((phase) => phaseOf(phase, own, scrub)),
    ...(mask && {
      mask: {
        source: mask.source,
        ...(mask.outline && { outline: mask.outline }),
        remarks: mask.remarks.map(({ text }) => scrub(text)),
      },
    }),
    leftOut: leftOut.map(({ series, reason }) => ({ series: scrub(series), reason: scrub(reason) })),
    warnings: [...remarks, ...warnings.map(({ text }) => scrub(text))],
  };
}

function phaseOf(
  { phase, header, sliceCount, spacing, evidence, confidence, alignment }: AlignedPhase,
  own: (uid: string) => string,
  scrub: (text: string) => string,
): PhaseProvenance {
  const { uid, number, description } = header?.series ?? {};
  return {
    phase,
    series: {
      ...(uid !== undefined && { uid: own(uid) }),
      ...(number !== undefined && { number }),
      ...(description !== undefined && { description: scrub(description) }),
    },
    slices: sliceCount,
    spacingMm: spacing,
    evidence: evidence.map(scrub),
    ...(confidence !== undefined && { confidence }),
    ...(alignment && { alignment: written(alignment) }),
  };
}

const written = ({ outcome: _, ...alignment }: Alignment): PhaseProvenance["alignment"] & object => alignment;

/** What to look at: phases chosen with less than 90 % confidence, with the evidence, and phases not found. */
export function doubtsOf({ phases, leftOut }: Provenance): string[] {
  const unsure = phases.flatMap(({ phase, series, confidence, evidence }) => {
    if (confidence === undefined || confidence >= sure) return [];
    const name = [series.number, series.description].filter((part) => part !== undefined).join(" ");
    return [`${phase}: series ${name}, ${Math.round(100 * confidence)} % sure (${evidence.join("; ")})`];
  });
  const missing = allPhases.filter((phase) => !phases.some((found) => found.phase === phase));
  if (missing.length === 0) return unsure;
  const others = leftOut.map(({ series, reason }) => `${series}: ${reason}`).join("; ");
  return [...unsure, `no ${missing.join(", no ")} phase${others && ` (series left out: ${others})`}`];
}

/** @throws E_MASK where the mask lacks a kidney or a tumour */
export function mustHoldTumor({ mask }: AssembledStudy, name: string): void {
  for (const [label, organ] of [
    [1, "kidney"],
    [2, "tumour"],
  ] as const)
    if (mask && !mask.volume.data.includes(label))
      throw new TrinephronError(
        "E_MASK",
        `${name}: the mask has no ${organ}`,
        "draw it, or name it with --labels",
      );
}
