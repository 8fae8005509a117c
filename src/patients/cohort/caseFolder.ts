/** A case's folder inside a cohort's: its name, made safe for any file system. */
export function caseFolder(name: string): string {
  const safe = encodeURIComponent(name).replace(/\*/g, "%2A").replace(/^\./, "%2E");
  return `images/${safe}`;
}
