import type { MaskLabel } from "./labels/maskLabel.ts";

/** Less than this is rounding between a Segmentation and a Structure Set of one outline, mL. */
const worthSaying = 0.05;

const names: Readonly<Record<MaskLabel, string>> = { 1: "kidney", 2: "tumour", 3: "cyst" };

/** What each file drew of each label, to be compared: an older mask beside a newer one must not pass unseen. */
export class RivalFiles {
  readonly #drawn = new Map<MaskLabel, Map<string, Uint8Array>>();
  readonly #several: boolean;

  /** @param files of all regions; nothing is kept of one alone */
  constructor(files: Iterable<string | undefined>) {
    this.#several = new Set([...files].filter((file) => file !== undefined)).size > 1;
  }

  /** @param mask on the reference's grid */
  add(label: MaskLabel, file: string | undefined, mask: Uint8Array): void {
    if (!this.#several || file === undefined) return;
    const files = this.#drawn.get(label) ?? new Map<string, Uint8Array>();
    const own = files.get(file);
    this.#drawn.set(label, files.set(file, own ? own.map((value, n) => value | mask[n]) : mask));
  }

  /** @param voxelMl volume of a voxel, mL */
  remarks(voxelMl: number): string[] {
    return [...this.#drawn].flatMap(([label, files]) => {
      const [first, ...others] = [...files.values()];
      const differ = (mask: Uint8Array) =>
        mask.reduce((sum, value, n) => sum + (value > 0 === first[n] > 0 ? 0 : 1), 0) * voxelMl;
      const most = others.reduce((ml, mask) => Math.max(ml, differ(mask)), 0);
      return most >= worthSaying
        ? `${names[label]}: drawn in ${files.size} files, which differ by ${most.toFixed(1)} mL: what any of them has counts`
        : [];
    });
  }
}
