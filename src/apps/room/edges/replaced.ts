/** Modules that only Node can run, under `src`, each with the module of this folder that the page is built with instead. */
export const replaced: Readonly<Record<string, string>> = {
  "imaging/formats/dicom/file/inflateRaw.ts": "inflateRaw.ts",
  "imaging/formats/dicom/pixels/codecThread.ts": "codecThread.ts",
  "imaging/formats/dicom/values/attributes.ts": "attributes.ts",
};
