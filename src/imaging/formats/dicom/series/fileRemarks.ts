import type { DicomFile } from "../file/images.ts";

/** What was repaired in reading files, each once, with how many of them it concerns where not all. */
export function fileRemarks(files: Iterable<Pick<DicomFile, "remarks">>): string[] {
  const distinct = new Set(files);
  const counts = new Map<string, number>();
  for (const { remarks = [] } of distinct)
    for (const remark of remarks) counts.set(remark, (counts.get(remark) ?? 0) + 1);
  return [...counts].map(([remark, n]) =>
    n === distinct.size ? remark : `${remark} (${n} of ${distinct.size} files)`,
  );
}
