export { type FigureOptions, figure } from "./figure.ts";
export { scenePng } from "./png.ts";
export type { Scene } from "./scene.ts";
export { sceneSvg } from "./svg.ts";
