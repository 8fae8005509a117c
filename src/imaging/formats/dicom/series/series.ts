import type { DicomHeader } from "../file/header.ts";
import type { DicomFile } from "../file/images.ts";
import type { Slice, SlicesAside } from "./slice.ts";
import { type Stack, sortSlices } from "./stacks.ts";

/** Files of one series, and what can become volumes of it. */
export interface Series {
  /** Of the first file. */
  readonly header: DicomHeader;
  readonly files: readonly DicomFile[];
  readonly stacks: readonly Stack[];
  /** Slices of CT images that fit into none of the stacks. */
  readonly slicesAside: readonly SlicesAside[];
}

/** Files by study and series, in order of series number; each with its stacks. */
export function seriesOf(files: readonly DicomFile[]): Series[] {
  const read = files.filter((file): file is Slice["file"] => file.header !== undefined);
  const groups = Map.groupBy(read, ({ header }) => JSON.stringify([header.study.uid, header.series.uid]));
  return [...groups.values()]
    .map((members) => {
      const { stacks, setAside } = sortSlices(slicesOf(members));
      const slicesAside = [...nowhere(members), ...setAside];
      return { header: members[0].header, files: members, stacks, slicesAside };
    })
    .sort((a, b) => (a.header.series.number ?? Infinity) - (b.header.series.number ?? Infinity));
}

const slicesOf = (files: readonly Slice["file"][]): Slice[] =>
  files
    .filter(({ setAside }) => setAside === undefined)
    .flatMap((file) =>
      (file.planes ?? []).flatMap((plane, frame) => (plane ? [{ file, frame, plane }] : [])),
    );

/** Frames without a place in files whose other frames have one. */
function nowhere(files: readonly Slice["file"][]): SlicesAside[] {
  const slices = files
    .filter(({ setAside }) => setAside === undefined)
    .flatMap((file) => (file.planes ?? []).flatMap((plane, frame) => (plane ? [] : [{ file, frame }])));
  return slices.length > 0
    ? [{ slices, reason: "frames without position or orientation in the patient" }]
    : [];
}
