import type { DicomHeader } from "../file/header.ts";
import { calendarDate, timeOfDay } from "../values/dateTime.ts";
import { named } from "../values/dictionary.ts";
import { uid } from "./uid.ts";

/** What of an image's patient and study all outputs can hold, and what they cannot. */
export interface Keepable {
  /** With everything in it valid by PS3.5. */
  readonly header: DicomHeader;
  /** What was left out or replaced, a line each that names the attribute. */
  readonly remarks: readonly string[];
}

/**
 * Patient, study, series and frame of reference of an image as every output can hold them: DICOM objects, FHIR and JSON
 * alike. Identifiers that DICOM has no room for are left out, never cut: a cut one is another patient's. UIDs that are
 * none are replaced by one of their own (study, frame of reference) or left out (what is only referred to). Names keep
 * what fits; descriptions are cut. Decided from the header alone, so that nothing fails after the computing.
 */
export function keepable(header: DicomHeader): Keepable {
  const remarks: string[] = [];
  const say = (tag: string, what: string): undefined => void remarks.push(`${named(tag)} ${what}`);
  const part =
    (keep: (value: string, say: Say) => string | undefined) => (tag: string, value: string | undefined) =>
      value === undefined ? undefined : keep(value, (what) => say(tag, what));
  const identifier = (longest: number) => part((value, own) => identifierOf(value, longest, own));
  const [id, shortId, name, words] = [identifier(64), identifier(16), part(nameOf), part(wordsOf)];
  const replaced = part((value, own) => {
    if (isUid(value)) return value;
    own("is no valid UID: replaced by another in the outputs, which PACS will not find beside the images");
    return uid(`in place of ${value}`);
  });
  const referred = part((value, own) =>
    isUid(value) ? value : own("is no valid UID: the outputs do not refer to it"),
  );
  const valid = (read: (value: string) => string | undefined, kind: string) =>
    part((value, own) => read(value) ?? own(`is no ${kind}: left out`));
  const { patient, study, series } = header;
  if (study.uid === undefined) say("x0020000d", "is missing: the outputs are a study of their own");
  return {
    header: {
      ...header,
      sopInstance: referred("x00080018", header.sopInstance),
      patient: {
        id: id("x00100020", patient.id),
        name: name("x00100010", patient.name),
        sex: valid((sex) => (/^[MFO]$/.test(sex) ? sex : undefined), "sex that DICOM knows")(
          "x00100040",
          patient.sex,
        ),
        age: part(ageOf)("x00101010", patient.age),
        birthDate: valid(calendarDate, "date")("x00100030", patient.birthDate),
      },
      study: {
        uid: replaced("x0020000d", study.uid),
        id: shortId("x00200010", study.id),
        date: valid(calendarDate, "date")("x00080020", study.date),
        time: valid(timeOfDay, "time of day")("x00080030", study.time),
        description: words("x00081030", study.description),
        accessionNumber: shortId("x00080050", study.accessionNumber),
        referringPhysician: name("x00080090", study.referringPhysician),
      },
      series: { ...series, uid: referred("x0020000e", series.uid) },
      frameOfReference: replaced("x00200052", header.frameOfReference),
      positionReference: words("x00201040", header.positionReference),
    },
    remarks,
  };
}

/** PS3.5 § 9.1. */
export const isUid = (text: string): boolean =>
  text.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/.test(text);

type Say = (what: string) => undefined;

const lengthOf = (text: string) => [...text].length;

function identifierOf(value: string, longest: number, say: Say): string | undefined {
  const fault =
    lengthOf(value) > longest
      ? `has ${lengthOf(value)} characters, more than the ${longest} of DICOM`
      : value.includes("\\")
        ? "has several values"
        : undefined;
  if (fault === undefined) return value;
  say(`${fault}: left out of all outputs`);
  return undefined;
}

/** Text for who reads it (LO). */
function wordsOf(value: string, say: Say): string {
  const one = value.replaceAll("\\", "/");
  if (one !== value) say("has backslashes, which divide values: slashes in the outputs");
  const characters = [...one];
  if (characters.length <= 64) return one;
  say(`has ${characters.length} characters, more than the 64 of DICOM: cut in the outputs`);
  return `${characters.slice(0, 61).join("")}...`;
}

/** A person's name: three groups of five parts, 64 characters each group (PS3.5 § 6.2). */
function nameOf(value: string, say: Say): string | undefined {
  const one = value.replaceAll("\\", "/");
  if (one !== value) say("has backslashes, which divide values: slashes in the outputs");
  const groups = one.split("=");
  if (groups.length > 3)
    say(`has ${groups.length} groups, more than the 3 of DICOM: the others are left out of the outputs`);
  const kept = groups.slice(0, 3).map((group) => {
    const parts = group.replace(/\^+$/, "").split("^");
    if (parts.length > 5)
      say(`has ${parts.length} parts, more than the 5 of DICOM: the last ones are joined in the outputs`);
    const joined = parts.length > 5 ? [...parts.slice(0, 4), parts.slice(4).join(" ")] : parts;
    const text = parts.length > 5 ? joined.join("^") : group;
    if (lengthOf(text) <= 64) return text;
    say(`has ${lengthOf(text)} characters, more than the 64 of DICOM: left out of all outputs`);
    return "";
  });
  return kept.join("=").replace(/=+$/, "") || undefined;
}

function ageOf(value: string, say: Say): string | undefined {
  const [, number, unit] = /^(\d{1,3})([DWMY])$/.exec(value) ?? [];
  if (number === undefined) say("is no age that DICOM knows: left out");
  else if (number.length < 3) say("is not written in three digits: so in the outputs");
  return number && `${number.padStart(3, "0")}${unit}`;
}
