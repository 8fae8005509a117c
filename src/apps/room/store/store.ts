import { batch, computed, signal } from "@preact/signals";
import { indexToPoint, type Volume, voxelVolumeMl } from "../../../numerics/volume/index.ts";
import { phases, type StudyPhase } from "../../../patients/cohort/case.ts";
import type { FoundStudy } from "../open/findStudy.ts";
import type { HuVolume } from "../open/image.ts";
import type { Problem } from "../open/problem.ts";
import { type Extent, extentOf, middleOf, within } from "../view/extent.ts";
import { structures } from "../view/outlines.ts";
import { viewOf } from "./link.ts";
import { firstView, type View } from "./view.ts";

/** What the page is about. */
export type Opening =
  | { readonly state: "empty" }
  | { readonly state: "reading"; readonly step: string; readonly done: number; readonly total: number }
  | { readonly state: "failed"; readonly problem: Problem }
  | { readonly state: "open" };

/** What a drag with the first button does. */
export const tools = ["point", "scroll", "window", "pan"] as const;
export type Tool = (typeof tools)[number];

/** An image's phase by the user's word, or the program's; `shown` of none, `hidden` from the pictures. */
export type Part = StudyPhase | "shown" | "hidden";

export const opening = signal<Opening>({ state: "empty" });
export const study = signal<FoundStudy | undefined>(undefined);
/** By name of the image. */
export const parts = signal<Readonly<Record<string, Part>>>({});
export const volumes = signal<Readonly<Record<string, HuVolume>>>({});
export const problems = signal<readonly Problem[]>([]);
export const view = signal<View>(firstView);
export const tool = signal<Tool>("point");
export const theme = signal<"dark" | "light">("dark");
export const keysShown = signal(false);

/** An image that has a picture. */
export interface Shown {
  readonly name: string;
  readonly phase: StudyPhase | undefined;
  readonly volume: HuVolume;
}

/** At most so many pictures stand side by side. */
const most = 3;

/** Names of the images that are shown: the phases in their order, then others. */
export const namesShown = computed((): readonly string[] => {
  const names = study.value?.images.map(({ name }) => name) ?? [];
  const of = (part: Part) => names.filter((name) => parts.value[name] === part);
  return [...phases.flatMap(of), ...of("shown")].slice(0, most);
});

export const shown = computed((): readonly Shown[] =>
  namesShown.value.flatMap((name) => {
    const volume = volumes.value[name];
    const phase = phases.find((each) => parts.value[name] === each);
    return volume ? [{ name, phase, volume }] : [];
  }),
);

export const mask = computed((): Volume<Uint8Array> | undefined => study.value?.mask);

export const extent = computed((): Extent => {
  const all = shown.value.map(({ volume }) => volume);
  return all.length > 0 ? extentOf(all) : { low: [-1, -1, -1], high: [1, 1, 1] };
});

/** Of the image that is looked at: the active one. */
export const active = computed(
  (): Shown | undefined => shown.value[Math.min(view.value.active, shown.value.length - 1)],
);

export const change = (next: (view: View) => View): void => {
  view.value = next(view.value);
};

/** The view that a study opens with: its middle, or the middle of the tumour; then what the address says. */
export function firstLook(link: string): void {
  const middle = middleOf(extent.value);
  const found = mask.value && middleOfLabel(mask.value);
  const said = viewOf(link);
  const point = within(extent.value, said.point ?? found ?? middle);
  view.value = { ...view.value, ...firstView, middle, ...said, point };
}

/** A point within a mask's tumour, else its kidney: the middle of its largest axial slice. */
export function middleOfLabel(volume: Volume<Uint8Array>, label?: number) {
  const order = label === undefined ? [2, 1] : [label];
  const known = order.find((each) => volume.data.includes(each));
  return known === undefined ? undefined : pointIn(volume, known);
}

function pointIn(volume: Volume<Uint8Array>, label: number) {
  const [nx, ny, nz] = volume.size;
  const area = nx * ny;
  let best = { count: 0, i: 0, j: 0, k: 0 };
  for (let k = 0; k < nz; k++) {
    let [count, i, j] = [0, 0, 0];
    for (let n = 0; n < area; n++)
      if (volume.data[k * area + n] === label) {
        count++;
        i += n % nx;
        j += Math.floor(n / nx);
      }
    if (count > best.count) best = { count, i: i / count, j: j / count, k };
  }
  return indexToPoint(volume, [best.i, best.j, best.k]);
}

/** Takes a study in: phases as they were recognised; where none was, the first images as they are. */
export function take(found: FoundStudy): void {
  const told = found.images.some(({ phase }) => phase !== undefined);
  batch(() => {
    study.value = found;
    volumes.value = {};
    problems.value = found.problems;
    parts.value = Object.fromEntries(
      found.images.map(({ name, phase }, n) => [name, phase ?? (!told && n < most ? "shown" : "hidden")]),
    );
  });
}

/** The user's word; a phase is one image's only. */
export function assign(name: string, part: Part): void {
  const others = Object.entries(parts.value).map(([other, own]): [string, Part] => [
    other,
    own === part && phases.some((phase) => phase === part) ? "hidden" : own,
  ]);
  parts.value = { ...Object.fromEntries(others), [name]: part };
}

/** What the mask holds, mL. */
export const structureVolumes = computed(() => {
  const labels = mask.value;
  if (!labels) return [];
  const counts = [0, 0, 0, 0];
  for (const label of labels.data) counts[label]++;
  const ml = voxelVolumeMl(labels);
  return structures.map(({ name, label }) => ({ name, label, ml: counts[label] * ml }));
});
