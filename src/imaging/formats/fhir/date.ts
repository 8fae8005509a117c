import { calendarDate } from "../dicom/values/dateTime.ts";

/** A DICOM date (`YYYYMMDD`) as FHIR's; undefined where it is none, as `00000000` in anonymised images or `20210231`. */
export function fhirDate(date: string | undefined): string | undefined {
  const day = date === undefined ? undefined : calendarDate(date);
  return day?.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
}
