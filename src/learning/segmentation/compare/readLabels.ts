import { TrinephronError } from "../../../base/errors.ts";
import { readNifti } from "../../../imaging/formats/nifti/index.ts";
import type { Volume } from "../../../numerics/volume/index.ts";
import { wholeValues } from "../../../patients/cohort/labels.ts";
import type { LabelScheme } from "./labelScheme.ts";

/**
 * The labels of a NIfTI file; values that no class has become 0.
 * @throws E_MASK for values that are no labels, and by a strict scheme for labels that no class has; as `readNifti`
 */
export async function readLabels(
  path: string,
  { classes, translate, strict }: LabelScheme,
): Promise<{ readonly volume: Volume<Uint8Array>; readonly remarks: readonly string[] }> {
  const remarks: string[] = [];
  const given = await readNifti(path, { onRemark: (remark) => remarks.push(remark) });
  const whole = wholeValues(given);
  remarks.push(...whole.remarks);
  const known = new Set(classes.flatMap(({ labels }) => labels));
  const unknown = new Set<number>();
  const { data: values, ...grid } = whole.volume;
  const data = values instanceof Uint8Array && !translate ? values : new Uint8Array(values.length);
  let last = 0;
  let label = 0;
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (value !== last) {
      last = value;
      label = translate ? (translate.get(value) ?? -1) : value;
      if (value === 0) label = 0;
      else if (!(value > 0 && Number.isInteger(value)))
        throw new TrinephronError("E_MASK", `${path}: holds the value ${value}`, "give a label map");
      else if (label !== 0 && !known.has(label)) {
        unknown.add(value);
        label = 0;
      }
    }
    data[n] = label;
  }
  if (unknown.size > 0) {
    const named = [...unknown].sort((a, b) => a - b).slice(0, 10);
    const list = `${named.join(", ")}${unknown.size > 10 ? ", …" : ""}`;
    if (strict)
      throw new TrinephronError(
        "E_MASK",
        `${path}: label ${list} is none of 0 (empty), 1 (kidney), 2 (tumour), 3 (cyst)`,
        "say what labels mean by --labels",
      );
    remarks.push(`labels of no class, left out: ${list}`);
  }
  return { volume: { ...grid, data }, remarks };
}
