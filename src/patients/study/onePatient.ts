import { TrinephronError } from "../../base/errors.ts";
import type { DicomFile, DicomHeader } from "../../imaging/formats/dicom/read.ts";
import { otherRemark, type Remark } from "./remark.ts";

/**
 * Files of one patient. Names may be spelled in several ways under one Patient ID, which is said; without any ID they
 * and the dates of birth tell patients apart.
 *
 * @param name of the study, in errors
 * @throws E_COHORT for several Patient IDs, dates of birth, or names without an ID
 */
export function onePatient(files: readonly DicomFile[], name: string): Remark[] {
  const patients = files.flatMap(({ header }) => header?.patient ?? []);
  const distinct = (values: readonly (string | undefined)[]) => new Set(values).size;
  const known = (values: readonly (string | undefined)[]) => distinct(values.filter((value) => value));
  const ids = distinct(patients.map(({ id }) => id ?? ""));
  if (ids > 1) throw several(name, `${ids} patients`);
  const births = known(patients.map(({ birthDate }) => birthDate));
  if (births > 1) throw several(name, `patients of ${births} dates of birth`);
  const names = known(patients.map((patient) => spelled(patient.name)));
  if (names <= 1) return [];
  if (patients[0].id === undefined) throw several(name, `${names} patients' names without Patient ID`);
  return [otherRemark(`Patient Name (0010,0010) differs among the files: ${names} names of one Patient ID`)];
}

/** Family and given name without what writers differ in: case, accents, titles and signs between. */
const spelled = (name: string | undefined): string | undefined =>
  name
    ?.split("=")[0]
    .split("^")
    .slice(0, 2)
    .join("")
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\d]/gu, "")
    .toLowerCase();

/**
 * Images of one study: what lies months apart are two states of a tumour. Studies of one day, as some hospitals part an
 * examination, are read as one, which is said.
 *
 * @throws E_COHORT for studies of several days
 */
export function oneStudy(images: readonly { readonly header: DicomHeader }[], name: string): Remark[] {
  const studies = new Set(images.map(({ header }) => header.study.uid ?? ""));
  if (studies.size < 2) return [];
  const days = new Set(images.flatMap(({ header }) => header.study.date ?? []));
  if (days.size > 1) throw several(name, `CT series of ${studies.size} studies, of ${days.size} days`);
  const when = days.size === 1 ? "of one day" : "without dates";
  return [otherRemark(`CT series of ${studies.size} studies ${when} are read as one`)];
}

const several = (name: string, what: string) =>
  new TrinephronError(
    "E_COHORT",
    `${name}: ${what}`,
    "give the files of one study, or `trinephron cohort import` for all",
  );
