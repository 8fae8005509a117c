import { TrinephronError } from "../../../base/errors.ts";
import { openZip } from "../dicom/file/zip.ts";
import { type NpyArray, parseNpy } from "./npy.ts";

/** The arrays of a `.npz` archive, each read where it is asked for. */
export interface Npz {
  readonly names: readonly string[];
  /** @throws E_FORMAT where there is none of this name; as `parseNpy` */
  array(name: string): Promise<NpyArray>;
}

/**
 * Opens a `.npz` file: a ZIP archive of `.npy` files, one an array.
 * @throws E_FORMAT where it is no archive, or a trap
 */
export async function openNpz(path: string): Promise<Npz> {
  const files = new Map(
    (await openZip(path)).flatMap((source) => {
      const name = source.name.slice(path.length + 1);
      return name.endsWith(".npy") ? [[name.slice(0, -".npy".length), source] as const] : [];
    }),
  );
  return {
    names: [...files.keys()],
    async array(name) {
      const source = files.get(name);
      if (!source)
        throw new TrinephronError(
          "E_FORMAT",
          `${path}: no array ${name}`,
          `its arrays are ${[...files.keys()].join(", ") || "none"}`,
        );
      return parseNpy(await source.whole(), source.name);
    },
  };
}
