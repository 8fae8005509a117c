import { derivedSeed, random } from "../../../../base/random.ts";
import { resample } from "../../../../numerics/volume/resample/resample.ts";
import { withSpacing } from "../../../../numerics/volume/spacing.ts";
import type { Geometry, Vec3 } from "../../../../numerics/volume/volume.ts";
import { phases } from "../../../../patients/cohort/case.ts";
import { drawAbdomen, planAbdomen } from "../../../../patients/synthetic/abdomen/abdomen.ts";
import { randomPhantom } from "../../../../patients/synthetic/phantom/randomPhantom.ts";
import type { DrawnCase } from "../../dataset/dataset.ts";
import { described, type PreparedCase } from "../prepare/described.ts";
import type { SegmentSettings } from "../segmentSettings.ts";
import { drawnGrid } from "./drawnGrid.ts";

/**
 * A simulated patient as patches are cut from it: an abdomen, or by chance a phantom of one kidney and its tumour.
 * @param spacing mm along D, H, W
 * @param labels how many: 3, or 1 where lesions are part of the kidney
 */
export function drawCase(
  c: DrawnCase,
  drawn: SegmentSettings["drawn"],
  spacing: Vec3,
  labels: number,
): PreparedCase {
  const isPhantom = random(derivedSeed(c.seed, "kind")).uniform() < drawn.phantoms;
  const { size, image, classes } = isPhantom
    ? phantomOf(c.seed, drawn, spacing)
    : abdomenOf(c.seed, drawn, spacing);
  const [width, height, depth] = size;
  return described(
    {
      case: c.case,
      size: [depth, height, width],
      images: [image],
      classes: drawn.lesions === "kidney" ? classes.map((label) => Math.min(label, 1)) : classes,
    },
    labels,
  );
}

interface Drawn {
  /** Along L, P, S. */
  readonly size: Vec3;
  /** HU. */
  readonly image: Int16Array;
  /** 1 kidney, 2 tumour, 3 cyst. */
  readonly classes: Uint8Array;
}

/** In one of its phases, on a grid of the finest of these distances, brought to them. */
function phantomOf(seed: number, { solid }: SegmentSettings["drawn"], [d, h, w]: Vec3): Drawn {
  const { uniform } = random(derivedSeed(seed, "sinus"));
  const sinus = uniform() < solid ? uniform() : 1;
  const spacing = Math.min(d, h, w);
  const { mask, phases: images } = randomPhantom(derivedSeed(seed, "phantom"), { spacing, sinus });
  const phase = phases[random(derivedSeed(seed, "phase")).integer(phases.length)];
  const grid = withSpacing(mask, [w, h, d]);
  const image = resample(images[phase], grid, { antialias: true }).data;
  const classes = resample(mask, grid, { interpolation: "nearest" }).data;
  return { size: grid.size, image: Int16Array.from(image, Math.round), classes: Uint8Array.from(classes) };
}

/** All that is to be drawn of a scan. */
function abdomenOf(seed: number, drawn: SegmentSettings["drawn"], spacing: Vec3): Drawn {
  const { wide, solid, finer } = drawn;
  const grid = drawnGrid(seed, planAbdomen(seed, { wide, solid }), spacing, drawn);
  const { image, labels } = drawAbdomen(seed, divided(grid, finer), { wide, solid });
  return {
    size: grid.size,
    image: finer === 1 ? image.data : means(image.data, grid.size, finer),
    classes: finer === 1 ? labels.data : commonest(labels.data, grid.size, finer),
  };
}

/** The same field of view in voxels smaller by a whole factor. */
function divided({ size, spacing, origin, direction }: Geometry, by: number): Geometry {
  const small: Vec3 = [spacing[0] / by, spacing[1] / by, spacing[2] / by];
  const first = (a: number) => origin[a] - ((by - 1) / 2) * small[a];
  return {
    size: [size[0] * by, size[1] * by, size[2] * by],
    spacing: small,
    origin: [first(0), first(1), first(2)],
    direction,
  };
}

/** Calls `visit` with the place of each voxel of a grid and of those of `by`³ smaller ones that it holds. */
function blocks([nx, ny, nz]: Vec3, by: number, visit: (n: number, inside: Int32Array) => void): void {
  const inside = new Int32Array(by ** 3);
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) {
        let at = 0;
        for (let c = k * by; c < (k + 1) * by; c++)
          for (let b = j * by; b < (j + 1) * by; b++)
            for (let a = i * by; a < (i + 1) * by; a++) inside[at++] = a + nx * by * (b + ny * by * c);
        visit(n, inside);
      }
}

function means(data: Int16Array, size: Vec3, by: number): Int16Array {
  const result = new Int16Array(size[0] * size[1] * size[2]);
  blocks(size, by, (n, inside) => {
    let sum = 0;
    for (const at of inside) sum += data[at];
    result[n] = Math.round(sum / inside.length);
  });
  return result;
}

/** The label of most of a voxel; of several as common the last, so that what is small is kept. */
function commonest(data: Uint8Array, size: Vec3, by: number): Uint8Array {
  const result = new Uint8Array(size[0] * size[1] * size[2]);
  const counts = new Uint16Array(4);
  blocks(size, by, (n, inside) => {
    counts.fill(0);
    for (const at of inside) counts[data[at]]++;
    for (let label = 1; label < counts.length; label++)
      if (counts[label] >= counts[result[n]]) result[n] = label;
  });
  return result;
}
