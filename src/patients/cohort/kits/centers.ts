import { TrinephronError } from "../../../base/errors.ts";

/** Which case numbers make a centre, both ends within. */
export interface CenterRule {
  readonly center: string;
  readonly from: number;
  readonly to: number;
}

/** KiTS names no hospitals: its two collection waves stand in for two centres. */
export const kitsWaves: readonly CenterRule[] = [
  { center: "A", from: 0, to: 299 },
  { center: "B", from: 400, to: 499 },
];

export const centerOf = (rules: readonly CenterRule[], number: number): string | undefined =>
  rules.find(({ from, to }) => number >= from && number <= to)?.center;

/** Parses `A=0-299,B=400-499`. @throws E_USAGE for anything else, or ranges that overlap */
export function parseCenterRules(text: string): CenterRule[] {
  const rules = text.split(",").map((part): CenterRule => {
    const [, center, from, to] = /^\s*([^=\s]+)=(\d+)-(\d+)\s*$/.exec(part) ?? [];
    if (center === undefined || Number(from) > Number(to))
      throw new TrinephronError("E_USAGE", `centers ${JSON.stringify(part)}: not of the form A=0-299`);
    return { center, from: Number(from), to: Number(to) };
  });
  const clash = rules.find((a, i) => rules.some((b, j) => j < i && a.from <= b.to && b.from <= a.to));
  if (clash)
    throw new TrinephronError(
      "E_USAGE",
      `centers: ${clash.center}=${clash.from}-${clash.to} overlaps another`,
    );
  return rules;
}
