import type { Volume } from "../../numerics/volume/index.ts";
import { type LabelTable, labelOf } from "../../patients/study/mask/labels/labelTable.ts";
import type { MaskLabel } from "../../patients/study/mask/labels/maskLabel.ts";

/** A network's labels as kidney, tumour and cyst. */
export interface KidneyLabels {
  /** 1 kidney, 2 tumour, 3 cyst; undefined where no label means any of them. */
  readonly mask: Volume<Uint8Array> | undefined;
  readonly remarks: readonly string[];
}

/**
 * The labels of a network by what their names say, as masks are read (docs/masks.md): those of other structures become
 * 0, and so do names that are not understood, with a remark.
 */
export function kidneyLabels(
  labels: Volume<Uint8Array>,
  names: ReadonlyMap<number, string>,
  table?: LabelTable,
): KidneyLabels {
  const meanings = [...names].map(([value, name]) => ({ value, name, label: labelOf({ name }, table) }));
  const to = new Uint8Array(256);
  for (const { value, label } of meanings) if (isKidney(label)) to[value] = label;
  const unknown = meanings.filter(({ label }) => label === undefined).map(({ name }) => name);
  const understood = meanings.some(({ label }) => isKidney(label));
  const remarks =
    understood && unknown.length > 0 ? [`names not understood, left out: ${unknown.join(", ")}`] : [];
  return {
    mask: understood ? { ...labels, data: labels.data.map((value) => to[value]) } : undefined,
    remarks,
  };
}

const isKidney = (label: MaskLabel | "other" | undefined): label is MaskLabel => typeof label === "number";
