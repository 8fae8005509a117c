import { quantile } from "../../stats/index.ts";
import { connectedComponents, type Volume } from "../../volume/index.ts";

/** Millimetres: diameters of an aorta in the abdomen, and how far its centre moves from slice to slice. */
const [narrowest, widest, drift] = [13, 40, 8];
/** Slices that make a vessel, mm. */
const longest = 30;

/**
 * Median HU of the brightest round vessel that runs along the body before the spine; contrast medium makes the aorta
 * (late, the vena cava too) the only such. Undefined where none is found: unenhanced, or the image covers no such.
 * @param image axes along L, P, S, about 2.5 mm apart
 */
export function aortaHu(image: Volume<Float32Array>): number | undefined {
  const { size, spacing } = image;
  const [nx, ny, nz] = size;
  const tracks: Track[] = [];
  for (let k = 0; k < nz; k++) {
    const slice = image.data.subarray(k * nx * ny, (k + 1) * nx * ny);
    for (const disc of discs(slice, nx, ny, spacing)) {
      const track = tracks.find(
        ({ last, k: at }) => k - at <= 2 && k > at && Math.hypot(last.x - disc.x, last.y - disc.y) < drift,
      );
      if (track) Object.assign(track, { last: disc, k, hu: [...track.hu, disc.hu] });
      else tracks.push({ last: disc, k, hu: [disc.hu] });
    }
  }
  const long = tracks.filter(({ hu }) => hu.length * spacing[2] >= longest);
  const medians = long.map(({ hu }) => quantile(hu, 0.5));
  return medians.length > 0 ? Math.max(...medians) : undefined;
}

interface Disc {
  readonly x: number;
  readonly y: number;
  readonly hu: number;
}
interface Track {
  readonly last: Disc;
  readonly k: number;
  readonly hu: readonly number[];
}

/** Round bright regions of one slice whose inside is even: vessels, not bone and not kidneys. */
function discs(slice: Float32Array, nx: number, ny: number, spacing: Volume["spacing"]): Disc[] {
  const found: Disc[] = [];
  for (const threshold of [220, 150, 100]) {
    const bright = Uint8Array.from(slice, (hu) => (hu > threshold ? 1 : 0));
    const { labels, sizes } = connectedComponents(bright, [nx, ny, 1]);
    const stats = sizes.map(() => ({ x: 0, y: 0, hu: 0, square: 0, box: [nx, ny, -1, -1] }));
    for (let v = 0; v < labels.length; v++) {
      if (labels[v] === 0) continue;
      const own = stats[labels[v] - 1];
      const [x, y] = [v % nx, Math.floor(v / nx)];
      own.x += x;
      own.y += y;
      own.hu += slice[v];
      own.square += slice[v] ** 2;
      own.box = [
        Math.min(own.box[0], x),
        Math.min(own.box[1], y),
        Math.max(own.box[2], x),
        Math.max(own.box[3], y),
      ];
    }
    sizes.forEach((n, i) => {
      const { x, y, hu, square, box } = stats[i];
      const [w, h] = [(box[2] - box[0] + 1) * spacing[0], (box[3] - box[1] + 1) * spacing[1]];
      const fill = (n * spacing[0] * spacing[1]) / (w * h);
      const even = Math.sqrt(Math.max(square / n - (hu / n) ** 2, 0)) < 0.2 * (hu / n);
      const round = Math.max(w, h) / Math.min(w, h) < 1.4 && fill > 0.68;
      const disc = { x: (x / n) * spacing[0], y: (y / n) * spacing[1], hu: hu / n };
      const known = found.some((other) => Math.hypot(other.x - disc.x, other.y - disc.y) < drift);
      if (Math.min(w, h) > narrowest && Math.max(w, h) < widest && round && even && !known) found.push(disc);
    });
  }
  return found;
}
