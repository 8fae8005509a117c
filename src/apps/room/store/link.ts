import type { Vec3 } from "../../../numerics/volume/index.ts";
import { planes } from "../view/plane.ts";
import { layouts, type View } from "./view.ts";

/** A view as the part of an address behind `#`: `layout=phases&plane=axial&point=12.5,-30,110&…`. */
export function linkOf({ layout, plane, point, middle, zoom, window, active }: View): string {
  const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(2))).join(",");
  return [
    `layout=${layout}`,
    `plane=${plane}`,
    `point=${rounded(point)}`,
    `middle=${rounded(middle)}`,
    `zoom=${rounded([zoom])}`,
    `window=${rounded([window.center, window.width])}`,
    `image=${active + 1}`,
  ].join("&");
}

/** What a link says of a view; what it does not say rightly is passed over. */
export function viewOf(link: string): Partial<View> {
  const said = new URLSearchParams(link.replace(/^#/, ""));
  const numbers = (name: string, count: number): number[] | undefined => {
    const values = (said.get(name) ?? "")
      .split(",")
      .map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
    return values.length === count && values.every((value) => Number.isFinite(value) && Math.abs(value) < 1e5)
      ? values
      : undefined;
  };
  const layout = layouts.find((name) => name === said.get("layout"));
  const plane = planes.find((name) => name === said.get("plane"));
  const [point, middle] = [numbers("point", 3), numbers("middle", 3)] as (Vec3 | undefined)[];
  const [zoom] = numbers("zoom", 1) ?? [];
  const [center, width] = numbers("window", 2) ?? [];
  const [image] = numbers("image", 1) ?? [];
  return {
    ...(layout && { layout }),
    ...(plane && { plane }),
    ...(point && { point }),
    ...(middle && { middle }),
    ...(zoom !== undefined && zoom >= 0.5 && zoom <= 20 && { zoom }),
    ...(center !== undefined && width >= 1 && { window: { center, width } }),
    ...(image !== undefined && Number.isInteger(image) && image > 0 && { active: image - 1 }),
  };
}
