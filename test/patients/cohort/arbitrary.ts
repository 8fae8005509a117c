import fc from "fast-check";
import {
  type Case,
  complexities,
  histologies,
  phases,
  sources,
  stages,
} from "../../../src/patients/cohort/case.ts";

/** Text as it may stand in a trimmed cell: quotes, separators and line ends within, none at its ends. */
const cell = fc
  .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(..."aZ09_-ä語 ,;\"'\n\t=/.") })
  .filter((text) => text === text.trim() && !text.startsWith("/"));

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Any case that `cohort.csv` can hold, but for its name. */
const unnamed = fc.record({
  center: cell,
  age: maybe(fc.double({ min: 0, max: 120, noNaN: true }).map((age) => Math.abs(age))),
  sex: maybe(fc.constantFrom("female" as const, "male" as const)),
  images: fc.record(Object.fromEntries(phases.map((phase) => [phase, maybe(cell)]))),
  mask: maybe(cell),
  histology: maybe(fc.constantFrom(...histologies)),
  stage: maybe(fc.constantFrom(...stages)),
  complexity: maybe(fc.constantFrom(...complexities)),
  renal: maybe(fc.integer({ min: 4, max: 12 })),
  sizeMm: maybe(fc.double({ min: 0.1, max: 500, noNaN: true })),
  necrosis: maybe(fc.boolean()),
  source: fc.constantFrom(...sources),
});

const defined = (record: object) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** A cohort's cases, names unique, unknown fields absent. @param patients how many persons they are, at most */
export const someCases = (
  minLength = 1,
  maxLength = 40,
  patients = Number.POSITIVE_INFINITY,
): fc.Arbitrary<Case[]> =>
  fc.array(unnamed, { minLength, maxLength }).map((all) =>
    all.map((c, i) => {
      const patient = patients === Number.POSITIVE_INFINITY ? `c${i}` : `p${(i * 7919) % patients}`;
      return { case: `c${i}`, patient, ...defined(c), images: defined(c.images) } as unknown as Case;
    }),
  );

/** A case of which only what matters is given. */
export const caseOf = (name: string, more: Partial<Case> = {}): Case => ({
  case: name,
  patient: name,
  center: "A",
  images: {},
  source: "real",
  ...more,
});
