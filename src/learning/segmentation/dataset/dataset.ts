/** A label that a segmentation tells apart from the background. */
export interface SegmentationLabel {
  readonly name: string;
  /** In the files; the network's class is its place in the list, from 1. */
  readonly value: number;
}

/** One image of a case. */
export interface ImageFile {
  readonly path: string;
  /** Which 3D image of a 4D file. */
  readonly frame?: number;
}

/** One case: images of one patient on one grid, and their labels. */
export interface SegmentationCase {
  readonly case: string;
  /** Cases of one patient are never in two parts of a split. */
  readonly patient: string;
  /** By channel, absolute paths; undefined where the case has no such image. */
  readonly images: readonly (ImageFile | undefined)[];
  readonly labels: string;
}

/** What images of a data set are, wherever they come from. */
interface LabeledImages {
  /** Names of the images of a case: phases, or MR sequences. */
  readonly channels: readonly string[];
  readonly labels: readonly SegmentationLabel[];
  /** Whether the images are CT numbers (HU). */
  readonly hounsfield: boolean;
  /** Whether one image of a case is enough: phases of one patient show the same organs. */
  readonly interchangeable: boolean;
}

/** Images with labels, whatever layout they came in. */
export interface SegmentationDataset extends LabeledImages {
  readonly drawn?: undefined;
  /** Where caches go unless told. */
  readonly folder: string;
  readonly cases: readonly SegmentationCase[];
}

/** A simulated scan that is drawn when it is needed. */
export interface DrawnCase extends Pick<SegmentationCase, "case" | "patient"> {
  /** Of the patient and of the region drawn. */
  readonly seed: number;
}

/** Simulated scans with labels: no file holds them. */
export interface DrawnDataset extends LabeledImages {
  readonly drawn: true;
  readonly cases: readonly DrawnCase[];
}

/** What a segmentation can learn from. */
export type TrainingDataset = SegmentationDataset | DrawnDataset;
