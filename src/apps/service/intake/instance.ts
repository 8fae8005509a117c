import { TrinephronError } from "../../../base/errors.ts";
import type { DicomHeader } from "../../../imaging/formats/dicom/index.ts";
import { isUid } from "../../../imaging/formats/dicom/write/keepable.ts";
import { yearsBetween, yearsOfAge } from "../../../patients/import/clinical/dates.ts";

/** What the service keeps of an image's header: whose it is, and where it belongs. */
export interface Instance {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly patientId: string;
  readonly patientName: string;
  /** Years. */
  readonly patientAge: number | undefined;
  readonly studyDate: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly modality: string | undefined;
  readonly seriesNumber: number | undefined;
  readonly seriesDescription: string | undefined;
  readonly bodyPart: string;
  readonly protocol: string;
  /** Calling AE title; empty where it did not come by C-STORE. */
  readonly sender: string;
}

/** What a sender said of an image beside the image itself. */
export interface Announced {
  /** Of the address that it was posted to. */
  readonly studyUid?: string | undefined;
  /** Affected SOP Instance and Class UID of a C-STORE request. */
  readonly sopInstanceUid?: string | undefined;
  readonly sopClassUid?: string | undefined;
  /** Calling AE title. */
  readonly sender?: string | undefined;
  /** Whoever sent it, where it said so by more than a calling AE title. */
  readonly actor?: string | undefined;
  /** Of the machine that sent it. */
  readonly address?: string | undefined;
  /** Alike for all images of one association or request, and for no others. */
  readonly request?: string | undefined;
}

/**
 * @param name of the image, in errors
 * @throws E_UID where a UID is missing or none, or differs from the one announced
 */
export function instanceOf(header: DicomHeader, name: string, announced: Announced = {}): Instance {
  const { patient, study, series } = header;
  const uid = (value: string | undefined, attribute: string, said?: string) => {
    if (value === undefined) throw unfit(name, `has no ${attribute}`);
    if (!isUid(value)) throw unfit(name, `its ${attribute} is no valid UID`);
    if (said !== undefined && said !== value) throw unfit(name, `its ${attribute} is not the one announced`);
    return value;
  };
  return {
    studyUid: uid(study.uid, "Study Instance UID", announced.studyUid),
    seriesUid: uid(series.uid, "Series Instance UID"),
    sopInstanceUid: uid(header.sopInstance, "SOP Instance UID", announced.sopInstanceUid),
    sopClassUid: uid(header.sopClass, "SOP Class UID", announced.sopClassUid),
    transferSyntaxUid: header.transferSyntax,
    patientId: stored(patient.id) ?? "",
    patientName: stored(patient.name) ?? "",
    patientAge: ageOf(header),
    studyDate: study.date ?? "",
    studyDescription: stored(study.description) ?? "",
    accessionNumber: stored(study.accessionNumber) ?? "",
    modality: stored(header.modality),
    seriesNumber: integer(series.number),
    seriesDescription: stored(series.description),
    bodyPart: stored(header.bodyPart) ?? "",
    protocol: stored(series.protocol) ?? "",
    sender: stored(announced.sender) ?? "",
  };
}

/** As the sender wrote it, else from the dates. */
const ageOf = ({ patient, study }: DicomHeader): number | undefined =>
  yearsOfAge(patient.age) ??
  (patient.birthDate !== undefined && study.date !== undefined
    ? yearsBetween(patient.birthDate, study.date)
    : undefined);

const unfit = (name: string, what: string) =>
  new TrinephronError("E_UID", `${name}: ${what}`, "send it as the scanner wrote it");

/** Longer than any text that DICOM allows in these attributes. */
const longest = 256;

/** Text as a database takes it: without NUL and other control characters, and of no unreasonable length. */
const stored = (text: string | undefined): string | undefined =>
  text
    ?.replaceAll(/\p{Cc}/gu, " ")
    // Half of a surrogate pair is no text in UTF-8.
    .toWellFormed()
    .slice(0, longest)
    .toWellFormed();

const integer = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : undefined;
