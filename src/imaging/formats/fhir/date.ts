/** A DICOM date (`YYYYMMDD`) as FHIR's; undefined where it is none, as `00000000` in anonymised images. */
export const fhirDate = (date: string | undefined): string | undefined =>
  date !== undefined && isDate.test(date) ? date.replace(isDate, "$1-$2-$3") : undefined;

const isDate = /^(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;
