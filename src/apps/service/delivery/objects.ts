import { predictionFiles } from "../../../report/prediction/predictionFiles.ts";
import type { ResultFile } from "../studies/result.ts";
import type { objectNames } from "./destination.ts";

/** Those DICOM objects of a result that are to be sent; a picture is not in each. */
export const objectsOf = (
  files: readonly ResultFile[],
  names: readonly (typeof objectNames)[number][],
): ResultFile[] => files.filter(({ name }) => names.some((wanted) => predictionFiles[wanted] === name));

/** What a result without any of them is answered with. */
export const noObjects = "the result has none of the objects that are to be sent";
