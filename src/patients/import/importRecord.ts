import { join } from "node:path";
import { writeWhole } from "../../base/files.ts";

/** What a cohort was made of, for whoever reads it later: `import.json` beside `cohort.csv`. @throws E_FILE_WRITE */
export const writeImportRecord = (
  folder: string,
  record: Readonly<Record<string, unknown>> & { readonly software: string; readonly from: string },
): Promise<void> => writeWhole(join(folder, "import.json"), `${JSON.stringify(record, null, 2)}\n`);
