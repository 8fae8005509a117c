import * as Plot from "@observablehq/plot";

const axis = { ticks: 5, labelAnchor: "center", labelArrow: "none" } as const;
const grid = { ticks: 5, stroke: "var(--grid)", strokeOpacity: 1 } as const;

/** Both axes with their labels in the middle, and a grid behind everything that follows. */
export const axes = (x: string, y: string): Plot.Markish[] => [
  Plot.axisX({ ...axis, label: x }),
  Plot.axisY({ ...axis, label: y }),
  Plot.gridX(grid),
  Plot.gridY(grid),
];

/** The line from (0, 0) to (1, 1). */
export const diagonal = (stroke: string): Plot.Markish =>
  Plot.line(
    [
      [0, 0],
      [1, 1],
    ],
    { stroke, strokeWidth: 1, className: "chance" },
  );
