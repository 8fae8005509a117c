import { TrinephronError } from "../../base/errors.ts";
import { derivedSeed, random } from "../../base/random.ts";
import type { Case, Part } from "./case.ts";
import type { TaskDefinition } from "./taskDefinition.ts";
import { labelOf } from "./tasks.ts";

export interface SplitOptions {
  /** Share of the patients to validate on, in (0, 1). */
  readonly validationFraction: number;
  readonly seed: number;
  /** All of the cohort's, whichever are trained, so that models of one and of all share their parts. */
  readonly stratifyBy: readonly TaskDefinition[];
}

/** How `train` splits a centre unless its settings say otherwise. */
export const usualSplit: Omit<SplitOptions, "stratifyBy"> = { validationFraction: 0.2, seed: 1 };

/** Each in the order of the cases given. */
export interface Split {
  readonly train: readonly Case[];
  readonly validation: readonly Case[];
}

/**
 * Splits one centre's cases so that no patient is in both parts. Patients are stratified by the joint of their
 * labels (unknown is a value of its own): each stratum gives `fraction · n` patients, rounded down or up, drawn by
 * seed; it is rounded up where that brings each task's classes nearest to their share. Neither the order of the
 * cases nor any other property matters. Where the cases say which part they belong to, nothing is drawn.
 *
 * @throws E_VALUE for a fraction outside (0, 1), E_TOO_FEW where either part would be empty, E_COHORT where some cases
 * have a part and others none, or one patient's are in both
 */
export function splitDevelopment(
  cases: readonly Case[],
  { validationFraction, seed, stratifyBy }: SplitOptions,
): Split {
  if (!(validationFraction > 0 && validationFraction < 1))
    throw new TrinephronError("E_VALUE", `validationFraction ${validationFraction} is outside (0, 1)`);
  if (cases.some(({ part }) => part !== undefined)) return fixedSplit(cases);
  const patients = patientsOf(cases, stratifyBy);
  const drawn = draw(patients, Math.round(validationFraction * patients.length), seed);
  if (drawn.size === 0 || drawn.size === patients.length)
    throw new TrinephronError(
      "E_TOO_FEW",
      `${patients.length} patient(s) do not split with ${validationFraction} for validation`,
      "add cases or change the fraction",
    );
  return {
    train: cases.filter((c) => !drawn.has(c.patient)),
    validation: cases.filter((c) => drawn.has(c.patient)),
  };
}

/** The parts that the cases themselves name. */
function fixedSplit(cases: readonly Case[]): Split {
  const of = (part: Part) => cases.filter((c) => c.part === part);
  const [train, validation] = [of("training"), of("validation")];
  const without = cases.find(({ part }) => part === undefined);
  if (without)
    throw new TrinephronError(
      "E_COHORT",
      `case ${without.case} has no part, though others of centre ${without.center} have`,
      "fill the column part for all cases of a centre, or for none",
    );
  if (train.length === 0 || validation.length === 0)
    throw new TrinephronError(
      "E_TOO_FEW",
      `all ${cases.length} cases have the part ${cases[0].part}`,
      "name cases of both parts in the column part, or empty it",
    );
  const trains = new Set(train.map(({ patient }) => patient));
  const both = validation.find(({ patient }) => trains.has(patient));
  if (both)
    throw new TrinephronError(
      "E_COHORT",
      `patient ${both.patient} both trains and validates (case ${both.case})`,
      "give all cases of a patient one part",
    );
  return { train, validation };
}

/**
 * k splits whose validation parts share no patient and together hold all, each stratified as
 * {@link splitDevelopment}.
 *
 * @throws E_VALUE for k below 2 or not whole, E_TOO_FEW for fewer patients than folds
 */
export function foldsOf(
  cases: readonly Case[],
  { k, seed, stratifyBy }: { readonly k: number } & Pick<SplitOptions, "seed" | "stratifyBy">,
): Split[] {
  if (!Number.isInteger(k) || k < 2)
    throw new TrinephronError("E_VALUE", `k ${k}: not a whole number of at least 2`);
  let left = patientsOf(cases, stratifyBy);
  if (left.length < k)
    throw new TrinephronError("E_TOO_FEW", `${left.length} patient(s) do not make ${k} folds`);
  return Array.from({ length: k }, (_, fold) => {
    const drawn = draw(left, Math.round(left.length / (k - fold)), derivedSeed(seed, "fold", fold));
    left = left.filter(({ name }) => !drawn.has(name));
    return {
      train: cases.filter((c) => !drawn.has(c.patient)),
      validation: cases.filter((c) => drawn.has(c.patient)),
    };
  });
}

/** A person whose cases stay together. */
interface Patient {
  readonly name: string;
  /** E.g. `["histology=1", "stage=?", "complexity=0"]`; a positive of any of the person's cases counts. */
  readonly classes: readonly string[];
}

/** In the order of their names. */
export function patientsOf(cases: readonly Case[], tasks: readonly TaskDefinition[]): Patient[] {
  const byName = Map.groupBy(cases, (c) => c.patient);
  return [...byName]
    .map(([name, own]) => ({
      name,
      classes: tasks.map((task) => {
        const known = own.map((c) => labelOf(task, c)).filter((label) => label !== undefined);
        return `${task.name}=${known.length > 0 ? Math.max(...known) : "?"}`;
      }),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names of `count` patients. */
function draw(patients: readonly Patient[], count: number, seed: number): Set<string> {
  const fraction = count / patients.length;
  const r = random(derivedSeed(seed, "split"));
  const drawn: Patient[] = [];
  const spare: Patient[] = [];
  const strata = [...Map.groupBy(patients, ({ classes }) => classes.join()).entries()];
  for (const [, stratum] of strata.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const shuffled = r.shuffle([...stratum]);
    const share = (count * stratum.length) / patients.length;
    const whole = Math.floor(share);
    drawn.push(...shuffled.slice(0, whole));
    if (whole < share) spare.push(shuffled[whole]);
  }
  r.shuffle(spare);
  const missing = missingByClass(patients, drawn, fraction);
  while (drawn.length < count && spare.length > 0) {
    const gains = spare.map(({ classes }) => gain(classes, missing));
    const [best] = spare.splice(gains.indexOf(Math.max(...gains)), 1);
    for (const name of best.classes) missing.get(name)!.missing--;
    drawn.push(best);
  }
  return new Set(drawn.map(({ name }) => name));
}

interface Missing {
  /** How many more of this class the part should have; may be a fraction or negative. */
  missing: number;
  readonly wanted: number;
}

function missingByClass(
  patients: readonly Patient[],
  drawn: readonly Patient[],
  fraction: number,
): Map<string, Missing> {
  const count = (of: readonly Patient[], name: string) =>
    of.filter(({ classes }) => classes.includes(name)).length;
  const names = [...new Set(patients.flatMap(({ classes }) => classes))];
  return new Map(
    names.map((name) => {
      const wanted = fraction * count(patients, name);
      return [name, { wanted, missing: wanted - count(drawn, name) }];
    }),
  );
}

/** How much the sum of (missing² / wanted) falls when one patient of these classes is added. */
const gain = (classes: readonly string[], missing: ReadonlyMap<string, Missing>): number =>
  classes.reduce((sum, name) => {
    const { missing: m, wanted } = missing.get(name)!;
    return sum + (m * m - (m - 1) ** 2) / wanted;
  }, 0);
