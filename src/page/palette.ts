/** Colours by role, in light and dark. Model colours are Okabe and Ito's (jfly.uni-koeln.de/color), their sky blue darkened for contrast. */
export type Palette = Readonly<Record<keyof typeof light, string>>;

export const light = {
  paper: "#fff",
  ink: "#16191d",
  muted: "#5f6770",
  rule: "#16191d",
  hair: "#cfd4da",
  grid: "#e8ebee",
  tint: "#f5f7f9",
  accent: "#00517f",
  warn: "#7a3600",
  "warn-tint": "#fff4e8",
  "warn-rule": "#d55e00",
  s1: "#0072b2",
  s2: "#d55e00",
  s3: "#009e73",
  s4: "#cc79a7",
  s5: "#3f8fc4",
  s6: "#b07d00",
  right: "#00634a",
  wrong: "#a63f00",
} as const;

export const dark: Palette = {
  paper: "#14171b",
  ink: "#e6e8eb",
  muted: "#a2abb5",
  rule: "#c9ced4",
  hair: "#3a414a",
  grid: "#272c33",
  tint: "#1b2026",
  accent: "#7cc4f0",
  warn: "#ffc48a",
  "warn-tint": "#2b2118",
  "warn-rule": "#e08a3c",
  s1: "#56b4e9",
  s2: "#f08a4b",
  s3: "#2fbf92",
  s4: "#e39cc4",
  s5: "#8fd0f5",
  s6: "#e6b54a",
  right: "#4fd0a5",
  wrong: "#ff9d6b",
};

/** `--paper: #fff; …` */
export const customProperties = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, color]) => `--${name}: ${color};`)
    .join(" ");

type Fill = readonly [fill: string, ink: string];

/** Fill and the ink that reads on it, the same in light and dark, for bars with numbers in them. */
const fills: Readonly<Record<string, Fill>> = {
  histology: ["#0072b2", "#fff"],
  stage: ["#e69f00", "#000"],
  complexity: ["#009e73", "#000"],
  shared: ["#bbbbbb", "#000"],
  other: ["#cc79a7", "#000"],
};

/** Of tasks that are not the study's, in their order. */
const moreFills: readonly Fill[] = [
  ["#0072b2", "#fff"],
  ["#e69f00", "#000"],
  ["#009e73", "#000"],
  ["#56b4e9", "#000"],
  ["#d55e00", "#000"],
  ["#f0e442", "#000"],
];

/** The colour of a task, of what all tasks share, or of anything else. @param tasks all there are, in their order */
export function ownerFill(owner: string, tasks: readonly string[]): Fill {
  if (Object.hasOwn(fills, owner)) return fills[owner];
  const taken = tasks.flatMap((task) => (Object.hasOwn(fills, task) ? [fills[task][0]] : []));
  const free = moreFills.filter(([fill]) => !taken.includes(fill));
  const place = tasks.filter((task) => !Object.hasOwn(fills, task)).indexOf(owner);
  return place === -1 ? fills.other : free[place % free.length];
}
