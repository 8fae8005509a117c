export { type Collected, type CollectOptions, collectReadings } from "./collect.ts";
export { type FormFile, formFiles } from "./files.ts";
export {
  type Design,
  designs,
  type FormOptions,
  type FormReader,
  type FormRow,
  type ReadingForm,
  readingForms,
  type Scale,
  scales,
} from "./form.ts";
export { formCsv } from "./formCsv.ts";
export { formHtml } from "./formHtml.ts";
export { type Manifest, manifestOf, parseManifest } from "./manifest.ts";
