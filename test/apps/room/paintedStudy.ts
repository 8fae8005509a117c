import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ctSeries, segmentation, uid } from "../../../src/imaging/formats/dicom/index.ts";
import {
  type Geometry,
  lpsDirection,
  pointToIndex,
  type Volume,
} from "../../../src/numerics/volume/index.ts";
import { phases, type StudyPhase } from "../../../src/patients/cohort/case.ts";
import { type Painted, paint } from "../../../src/patients/synthetic/paint/paint.ts";
import { centerStyle } from "../../../src/patients/synthetic/paint/scanner/scanner.ts";
import { phantom } from "../../../src/patients/synthetic/phantom/phantom.ts";

/** What would run if the page took text for markup. */
export const hostile = { name: "<script>alert(1)</script>", text: "<img src=x onerror=alert(1)>" };

/** Of a body's left half: how far the painted kidney is moved from the middle, LPS mm. */
const aside = 60;

const none = { perirenal: false, sinus: false, vein: false };

/** A painted left kidney with its tumour, to the left in a body of fat: a simulation. */
export function paintedBody(): Painted {
  const { mask } = phantom({ sizeMm: 40, side: "left", invasion: none }, 3, { spacing: 3 });
  const painted = paint(mask, { histology: "clear_cell", necrosis: false }, centerStyle("A", 1), 3, {
    spacing: 3,
  });
  const [first] = Object.values(painted.phases);
  const body: Geometry = {
    size: [80, 60, first.size[2]],
    spacing: first.spacing,
    origin: [-118.5, -88.5, first.origin[2]],
    direction: lpsDirection,
  };
  const laid = <T extends Int16Array | Uint8Array>(part: Volume<T>, data: T): Volume<T> => {
    const [dx, dy] = pointToIndex(body, part.origin).map(Math.round);
    const shift = Math.round(aside / body.spacing[0]);
    const [nx, ny, nz] = part.size;
    for (let k = 0; k < nz; k++)
      for (let j = 0; j < ny; j++)
        for (let i = 0; i < nx; i++)
          data[i + dx + shift + body.size[0] * (j + dy + body.size[1] * k)] =
            part.data[i + nx * (j + ny * k)];
    return { ...body, data };
  };
  const voxels = body.size[0] * body.size[1] * body.size[2];
  const phase = (name: StudyPhase) => laid(painted.phases[name], new Int16Array(voxels).fill(-100));
  return {
    phases: {
      corticomedullary: phase("corticomedullary"),
      nephrographic: phase("nephrographic"),
      excretory: phase("excretory"),
    },
    mask: laid(painted.mask, new Uint8Array(voxels)),
  };
}

/** Writes a body as a folder of DICOM files: a series a phase, a segmentation, and two files that are broken or no DICOM. */
export function writeStudy(folder: string, { phases: images, mask }: Painted): void {
  const context = {
    patient: { id: "P1", name: hostile.name, sex: "F", age: "060Y" },
    study: { uid: uid("room study"), date: "20260101" },
    frameOfReference: uid("room frame"),
  } as const;
  const series = phases.map((phase, n) => [
    ...ctSeries(images[phase], {
      context,
      series: { uid: uid(`room ${phase}`), number: n + 1, description: `${phase} ${hostile.text}` },
      acquired: new Date(2026, 0, 1, 12, 2 * n),
      name: phase,
    }),
  ]);
  const drawn = segmentation(mask, {
    context,
    series: { uid: uid("room mask"), number: 9, description: "mask" },
    algorithm: { type: "MANUAL", name: "" },
    source: series[1],
    created: new Date(2026, 0, 1, 13),
    name: "mask",
  });
  mkdirSync(folder, { recursive: true });
  for (const [n, { bytes }] of [...series.flat(), drawn].entries())
    writeFileSync(join(folder, `IM${n}`), bytes);
  writeFileSync(join(folder, "notes.txt"), "nothing of DICOM in it");
  writeFileSync(
    join(folder, `${hostile.text.replaceAll(/[<>]/g, "")}.nii.gz`),
    Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4),
  );
}
