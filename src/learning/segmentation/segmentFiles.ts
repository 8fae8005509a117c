import { TrinephronError } from "../../base/errors.ts";
import { writeWhole } from "../../base/files.ts";
import type { Work } from "../../base/work.ts";
import { segmentation, sourceImages, studyContext, uid } from "../../imaging/formats/dicom/index.ts";
import { writeNifti } from "../../imaging/formats/nifti/index.ts";
import { type Volume, voxelVolumeMl } from "../../numerics/volume/index.ts";
import { readLabelTable } from "../../patients/study/mask/labels/readLabelTable.ts";
import { readImage, type StudyImage } from "../../patients/study/readImage.ts";
import { kidneyLabels } from "./kidneyLabels.ts";
import { type OpenOptions, openSegmentationModel, type SegmentOptions } from "./segmentationModel.ts";

/** What is segmented, by what, and where the mask goes. */
export interface SegmentFilesOptions
  extends OpenOptions,
    Omit<SegmentOptions, "signal" | "progress" | "onRemark">,
    Work {
  /** Folder of the model. */
  readonly model: string;
  /** `.nii`, `.nii.gz`, or `.dcm` for a DICOM Segmentation. */
  readonly out: string;
  /** Which series, where a folder of DICOM files holds several. */
  readonly series?: string | undefined;
  /** Path of a table that says what the model's labels mean. */
  readonly labels?: string | undefined;
  /** Keeps the model's own labels. Default false: kidney 1, tumour 2, cyst 3. */
  readonly ownLabels?: boolean | undefined;
}

/** What was written. */
export interface SegmentedFiles {
  readonly out: string;
  readonly model: { readonly kind: string; readonly labels: Readonly<Record<string, string>> };
  /** Of the mask written. */
  readonly labels: readonly {
    readonly label: number;
    readonly name: string;
    readonly voxels: number;
    readonly ml: number;
  }[];
  readonly remarks: readonly string[];
}

const kidneyNames = new Map([
  [1, "kidney"],
  [2, "tumor"],
  [3, "cyst"],
]);

/**
 * Segments images by a user's own model and writes the mask on the grid of the first of them.
 *
 * @param paths an image for each channel of the model, as `readImage` reads them
 * @throws as `readImage`, `openSegmentationModel`, its `segment` and `readLabelTable`; E_USAGE for an output of another kind;
 * E_MASK for an empty mask as DICOM; E_FILE_WRITE
 */
export async function segmentFiles(
  paths: readonly string[],
  options: SegmentFilesOptions,
): Promise<SegmentedFiles> {
  const { model: folder, out, series, labels: tablePath, ownLabels = false, signal, progress } = options;
  const isDicom = /\.dcm$/i.test(out);
  if (!isDicom && !/\.nii(\.gz)?$/i.test(out))
    throw new TrinephronError("E_USAGE", `--out ${out}: neither .nii, .nii.gz nor .dcm`, "name it so");
  if (isDicom && ownLabels)
    throw new TrinephronError(
      "E_USAGE",
      "a DICOM Segmentation names kidney, tumour and cyst alone",
      "write .nii.gz",
    );
  const table = tablePath === undefined ? undefined : await readLabelTable(tablePath);
  const model = await openSegmentationModel(folder, options);
  try {
    const images: StudyImage[] = [];
    for (const path of paths) images.push(await readImage(path, { series, signal, progress }));
    const remarks = [...model.remarks, ...images.flatMap((image) => image.remarks)];
    if (isDicom && !images[0].header)
      throw new TrinephronError(
        "E_USAGE",
        `--out ${out}: DICOM is written of DICOM images alone`,
        "write .nii.gz",
      );
    const own = await model.segment(
      images.map(({ volume }) => volume),
      { ...options, onRemark: (remark) => void remarks.push(remark) },
    );
    const kidney = ownLabels ? undefined : kidneyLabels(own, model.labels, table);
    remarks.push(...(kidney?.remarks ?? []));
    const mask = kidney?.mask ?? own;
    if (kidney && !kidney.mask) {
      const names = [...model.labels.values()].join(", ");
      if (isDicom)
        throw new TrinephronError(
          "E_LABEL",
          `no kidney, tumour or cyst among ${names}`,
          "say so by --labels",
        );
      remarks.push(`no kidney, tumour or cyst among ${names}: written with the model's own labels`);
    }
    if (isDicom) await writeWhole(out, dicomOf(mask, images[0], model.kind));
    else await writeNifti(out, mask, { description: `${model.kind} by trinephron` });
    return {
      out,
      model: { kind: model.kind, labels: Object.fromEntries(model.labels) },
      labels: counted(mask, kidney?.mask ? kidneyNames : model.labels),
      remarks,
    };
  } finally {
    await model.close();
  }
}

function dicomOf(mask: Volume<Uint8Array>, { header, slices }: StudyImage, kind: string): Uint8Array {
  return segmentation(mask, {
    context: studyContext(header!),
    series: { uid: uid(), number: 9101, description: `Kidney and tumour (${kind})` },
    algorithm: { type: "AUTOMATIC", name: `${kind} by trinephron` },
    source: sourceImages(slices),
    created: new Date(),
    comments: "Research use only",
    name: "mask",
  }).bytes;
}

function counted(mask: Volume<Uint8Array>, names: ReadonlyMap<number, string>): SegmentedFiles["labels"] {
  const voxels = new Uint32Array(256);
  for (const label of mask.data) voxels[label]++;
  return [...names]
    .sort(([a], [b]) => a - b)
    .map(([label, name]) => ({
      label,
      name,
      voxels: voxels[label],
      ml: Number((voxels[label] * voxelVolumeMl(mask)).toPrecision(4)),
    }));
}
