import { TrinephronError } from "../../../../base/errors.ts";
import { version } from "../../../../base/version.ts";
import type { DicomHeader } from "../file/header.ts";
import { calendarDate, timeOfDay } from "../values/dateTime.ts";
import { keepable } from "./keepable.ts";
import type { NaturalDataset } from "./part10.ts";
import { uid } from "./uid.ts";

/** Whose study the objects belong to: alike in all of them. */
export interface StudyContext {
  readonly patient: {
    readonly id?: string | undefined;
    /** As DICOM has it: `Family^Given`. */
    readonly name?: string | undefined;
    /** `M`, `F` or `O`. */
    readonly sex?: string | undefined;
    /** `064Y`. */
    readonly age?: string | undefined;
    /** `YYYYMMDD`. */
    readonly birthDate?: string | undefined;
  };
  readonly study: {
    readonly uid: string;
    readonly id?: string | undefined;
    /** `YYYYMMDD`. */
    readonly date?: string | undefined;
    /** `HHMMSS`. */
    readonly time?: string | undefined;
    readonly description?: string | undefined;
    readonly accessionNumber?: string | undefined;
    readonly referringPhysician?: string | undefined;
  };
  /** Of the images; absent where the object lies nowhere in the patient. */
  readonly frameOfReference?: string | undefined;
  readonly positionReference?: string | undefined;
}

/**
 * The study an image belongs to, for objects made from it, of what is `keepable`. An image without a Study Instance or Frame of Reference UID,
 * as some anonymised ones are, gets new ones: call it once a study.
 */
export function studyContext(header: DicomHeader): StudyContext {
  const { patient, study, frameOfReference = uid(), positionReference } = keepable(header).header;
  return { patient, study: { ...study, uid: study.uid ?? uid() }, frameOfReference, positionReference };
}

/** What one object is, and of which series. */
export interface ObjectIdentity {
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly modality: string;
  readonly series: { readonly uid: string; readonly number: number; readonly description: string };
  /** Instance Number. */
  readonly number: number;
  /** When it was made. */
  readonly created: Date;
}

/** SOP Common, Patient, General and Patient Study, General Series and General Equipment modules of PS3.3. */
export function commonModules(context: StudyContext, object: ObjectIdentity): NaturalDataset {
  const { patient, study } = context;
  const { date, time } = dateAndTime(object.created);
  return {
    SOPClassUID: object.sopClass,
    SOPInstanceUID: object.sopInstance,
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    PatientName: patient.name ?? null,
    PatientID: patient.id ?? null,
    PatientBirthDate: valid(calendarDate, patient.birthDate),
    PatientSex: oneOf(/^[MFO]$/, patient.sex) ?? null,
    PatientAge: oneOf(/^\d{3}[DWMY]$/, patient.age),
    StudyInstanceUID: study.uid,
    StudyDate: valid(calendarDate, study.date),
    StudyTime: valid(timeOfDay, study.time),
    StudyID: study.id ?? null,
    StudyDescription: study.description,
    AccessionNumber: study.accessionNumber ?? null,
    ReferringPhysicianName: study.referringPhysician ?? null,
    Modality: object.modality,
    SeriesInstanceUID: object.series.uid,
    SeriesNumber: object.series.number,
    SeriesDescription: object.series.description,
    SeriesDate: date,
    SeriesTime: time,
    InstanceNumber: object.number,
    Manufacturer: "trinephron",
    ManufacturerModelName: "trinephron",
    DeviceSerialNumber: "0",
    SoftwareVersions: version,
  };
}

/** Frame of Reference module. @throws E_GEOMETRY where the context has none */
export function frameOfReferenceModule(context: StudyContext, name: string): NaturalDataset {
  if (context.frameOfReference === undefined)
    throw new TrinephronError("E_GEOMETRY", `${name}: the images name no frame of reference`);
  return {
    FrameOfReferenceUID: context.frameOfReference,
    PositionReferenceIndicator: context.positionReference ?? null,
  };
}

/** A moment of local time as DICOM's date and time. */
export function dateAndTime(moment: Date): { date: string; time: string } {
  const two = (value: number) => String(value).padStart(2, "0");
  return {
    date: `${moment.getFullYear()}${two(moment.getMonth() + 1)}${two(moment.getDate())}`,
    time: `${two(moment.getHours())}${two(moment.getMinutes())}${two(moment.getSeconds())}`,
  };
}

const valid = (read: (written: string) => string | undefined, value: string | undefined) =>
  (value === undefined ? undefined : read(value)) ?? null;

const oneOf = (pattern: RegExp, value: string | undefined) =>
  value !== undefined && pattern.test(value) ? value : undefined;
