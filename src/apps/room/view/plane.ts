import type { Vec3 } from "../../../numerics/volume/index.ts";

/** The three planes of the body, in the order that radiologists name them. */
export const planes = ["axial", "coronal", "sagittal"] as const;
export type Plane = (typeof planes)[number];

/** How a plane lies on the screen: unit vectors in LPS. */
export interface PlaneAxes {
  readonly right: Vec3;
  readonly down: Vec3;
  /** The way of the next slice: to the head, to the back, to the left. */
  readonly normal: Vec3;
  /** Of LPS, which coordinate changes from slice to slice. */
  readonly along: 0 | 1 | 2;
}

/** As radiologists look: axial from the feet, coronal from the front, sagittal from the left of the patient. */
export const axesOf: Readonly<Record<Plane, PlaneAxes>> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0], normal: [0, 0, 1], along: 2 },
  coronal: { right: [1, 0, 0], down: [0, 0, -1], normal: [0, 1, 0], along: 1 },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1], normal: [1, 0, 0], along: 0 },
};

/** Letters at the edges of a picture: the side of the patient that lies there. */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

const letters = [
  ["R", "L"],
  ["A", "P"],
  ["F", "H"],
] as const;

/** The side of the patient that a way leads to. */
function letterOf(way: Vec3): string {
  const axis = [0, 1, 2].reduce((best, a) => (Math.abs(way[a]) > Math.abs(way[best]) ? a : best), 0);
  return letters[axis][way[axis] > 0 ? 1 : 0];
}

const back = ([l, p, s]: Vec3): Vec3 => [-l, -p, -s];

/** The side of LPS 0 that a slice lies on. @param mm along the plane's normal */
export const sideOf = (plane: Plane, mm: number): string => letters[axesOf[plane].along][mm >= 0 ? 1 : 0];

export function edgeLetters({ right, down }: PlaneAxes): EdgeLetters {
  return {
    left: letterOf(back(right)),
    right: letterOf(right),
    top: letterOf(back(down)),
    bottom: letterOf(down),
  };
}
