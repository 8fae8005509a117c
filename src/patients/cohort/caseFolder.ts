/** A case's folder inside a cohort's: its name, made safe for any file system, among others of one kind. */
export function caseFolder(name: string, kind: "images" | "studies" | "dicom" = "images"): string {
  const safe = encodeURIComponent(name).replace(/\*/g, "%2A").replace(/^\./, "%2E");
  return `${kind}/${safe}`;
}
