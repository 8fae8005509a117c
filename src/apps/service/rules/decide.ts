import type { StudyPhase } from "../../../patients/cohort/case.ts";
import type { Rule } from "./rulesFile.ts";

/** What rules ask of a study. */
export interface StudyFacts {
  readonly description: string;
  /** Years; undefined: not known. */
  readonly age: number | undefined;
  readonly series: readonly SeriesFacts[];
}

export interface SeriesFacts {
  readonly modality: string;
  readonly bodyPart: string;
  readonly description: string;
  readonly protocol: string;
  /** Calling AE title; empty where it did not come by C-STORE. */
  readonly sender: string;
  readonly origins: readonly string[];
  readonly images: number;
}

/** What is to be done with a study. */
export type Decision =
  | {
      readonly read: true;
      /** Undefined: there are no rules. */
      readonly rule: string | undefined;
      /** By its name; undefined: the service's own. */
      readonly model: string | undefined;
      readonly phases: readonly StudyPhase[];
      /** Undefined: all. */
      readonly destinations: readonly string[] | undefined;
    }
  | { readonly read: false; readonly reason: string };

/** The first rule that fits decides. @param rules undefined: every study is read */
export function decide(rules: readonly Rule[] | undefined, study: StudyFacts): Decision {
  if (!rules) return { read: true, rule: undefined, model: undefined, phases: [], destinations: undefined };
  const rule = rules.find(({ when }) => fits(when, study));
  if (!rule) return { read: false, reason: "no rule wants it" };
  const { name, ignore, model, phases = [], destinations } = rule;
  if (ignore !== undefined) return { read: false, reason: `${ignore} (rule "${name}")` };
  return { read: true, rule: name, model, phases, destinations };
}

function fits({ age, ...ofSeries }: Rule["when"], study: StudyFacts): boolean {
  if (age && (study.age === undefined || !within(age, study.age))) return false;
  if (Object.values(ofSeries).every((asked) => asked === undefined)) return true;
  const { modality, bodyPart, description, sender, origin, images } = ofSeries;
  return study.series.some(
    (series) =>
      isOneOf(modality, series.modality) &&
      isOneOf(bodyPart, series.bodyPart) &&
      (!description ||
        [study.description, series.description, series.protocol].some((text) =>
          speaksOf(description, text),
        )) &&
      isOneOf(sender, series.sender) &&
      (!origin || origin.some((way) => series.origins.includes(way))) &&
      (!images || within(images, series.images)),
  );
}

const within = (
  { from = 0, to = Infinity }: { from?: number | undefined; to?: number | undefined },
  n: number,
) => n >= from && n <= to;

const plain = (text: string): string => text.normalize("NFC").trim().toLowerCase();

const isOneOf = (asked: readonly string[] | undefined, value: string): boolean =>
  !asked || asked.some((each) => plain(each) === plain(value));

/** Whether a word begins so: "renal" is no part of "adrenal", but "niere" begins "Nierenzyste". */
function speaksOf(words: readonly string[], text: string): boolean {
  const own = plain(text);
  return words.some((word) => {
    const wanted = plain(word);
    for (let at = own.indexOf(wanted); at >= 0; at = own.indexOf(wanted, at + 1))
      if (at === 0 || !/[\p{L}\p{N}]$/u.test(own.slice(0, at))) return true;
    return false;
  });
}
