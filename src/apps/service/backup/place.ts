import { existsSync } from "node:fs";
import { join } from "node:path";
import { TrinephronError } from "../../../base/errors.ts";

/** Where a service keeps everything. */
export interface ServicePlace {
  /** Its data folder. */
  readonly data: string;
  /** Its PostgreSQL; undefined: embedded in the folder. */
  readonly database?: string | undefined;
}

/** In a data folder that is being restored, until it is whole. */
export const restoringMark = "restoring";

/** @throws E_BACKUP where a restore of this data folder has not come to its end */
export function mustBeWhole(data: string): void {
  if (existsSync(join(data, restoringMark)))
    throw new TrinephronError(
      "E_BACKUP",
      `${data}: a restore of this folder has not come to its end`,
      "run `trinephron restore` again, which goes on with it",
    );
}
