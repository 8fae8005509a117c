import type { PolygonFaults } from "../../../imaging/formats/dicom/regions/polygons.ts";
import type { FlatContour } from "../../../imaging/formats/dicom/regions/rasterize.ts";

/** Further than this, in slices, points rise through their plane by more than rounding. */
const flat = 0.1;

/** What was made of contours that are not as they should be. */
export function contourRemarks(
  { copies, crossing }: PolygonFaults,
  contours: readonly FlatContour[],
): string[] {
  const rise = contours.reduce((most, contour) => Math.max(most, contour.rise), 0);
  return [
    ...(copies > 0 ? [`${copies} of ${contours.length} contours written more than once, counted once`] : []),
    ...(crossing > 0
      ? [
          `${crossing} of ${contours.length} contours cross themselves or each other: what they cover twice counts as outside`,
        ]
      : []),
    ...(rise > flat ? [`contours rise through up to ${rise.toFixed(2)} slices, drawn flat`] : []),
  ];
}

/** Contours that no slice takes. */
export const leftOutRemark = (left: number, of: number): string[] =>
  left > 0 ? [`${left} of ${of} contours lie between or beyond the slices, left out`] : [];
