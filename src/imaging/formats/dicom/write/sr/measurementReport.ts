import type { Code } from "../code.ts";
import { type Children, type ContentItem, code, container, rootContainer, text } from "./contentItem.ts";
import { type DeviceObserver, deviceObserver } from "./deviceObserver.ts";
import { type ImageGroup, imageLibrary } from "./imageLibrary.ts";
import { type MeasurementGroup, measurementGroup } from "./measurementGroup.ts";
import { templateCodes } from "./templateCodes.ts";

/** What a measurement report holds. */
export interface MeasurementReport {
  readonly observer: DeviceObserver;
  /** The procedure whose images were measured. */
  readonly procedure: Code;
  /** What a reader must know first. */
  readonly comment?: string | undefined;
  readonly images: readonly ImageGroup[];
  readonly groups: readonly MeasurementGroup[];
  /** What is said in words, each as `CONTAINS`. */
  readonly evaluations: Children;
}

/** Content of an English measurement report observed by a device: TID 1500 (PS3.16). What is unknown is left out. */
export function measurementReport(report: MeasurementReport): ContentItem {
  const { observer, procedure, comment, images, groups } = report;
  const evaluations = report.evaluations.filter((item) => item !== undefined);
  return rootContainer(templateCodes.report, "1500", [
    code("HAS CONCEPT MOD", templateCodes.language, templateCodes.english),
    ...deviceObserver(observer),
    code("HAS CONCEPT MOD", templateCodes.procedureReported, procedure),
    comment === undefined ? undefined : text("CONTAINS", templateCodes.comment, comment),
    imageLibrary(images),
    container("CONTAINS", templateCodes.measurements, groups.map(measurementGroup)),
    evaluations.length === 0
      ? undefined
      : container("CONTAINS", templateCodes.qualitativeEvaluations, evaluations),
  ]);
}
