import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { mustNotExist } from "../../../base/files.ts";
import { wholeNumber, withCommonOptions } from "../support/io.ts";
import { type DicomOptions, importFromDicom } from "./cohortImportDicom.ts";
import { importFromKits, type KitsOptions } from "./cohortImportKits.ts";
import { importFromMedmnist, type MedmnistOptions } from "./cohortImportMedmnist.ts";
import { importFromNifti, type NiftiOptions } from "./cohortImportNifti.ts";

const kinds = ["kits", "dicom", "nifti", "medmnist"] as const;
type Kind = (typeof kinds)[number];

interface Options extends KitsOptions, DicomOptions, NiftiOptions, MedmnistOptions {
  readonly kits?: string;
  readonly from?: Kind;
}

const importers: Readonly<Record<Kind, (source: string, options: Options) => Promise<void>>> = {
  kits: importFromKits,
  dicom: importFromDicom,
  nifti: importFromNifti,
  medmnist: importFromMedmnist,
};

/** Options that mean something for some kinds of source alone. */
const only: Readonly<Partial<Record<keyof Options, readonly Kind[]>>> = {
  strict: ["kits"],
  table: ["dicom", "nifti"],
  sheet: ["dicom", "nifti"],
  mapping: ["dicom", "nifti"],
  center: ["dicom", "nifti"],
  labels: ["dicom", "nifti"],
  withoutMask: ["dicom", "nifti"],
  tasks: ["nifti", "medmnist"],
  phases: ["dicom"],
  segmentation: ["dicom", "nifti"],
  key: ["dicom"],
  pseudonyms: ["dicom"],
  keepNames: ["dicom"],
  copyDicom: ["dicom"],
};

export function register(cohort: Command): void {
  withCommonOptions(
    cohort
      .command("import")
      .description("make a cohort of hospitals' DICOM or NIfTI files and a table, of KiTS23, or of MedMNIST")
      .argument(
        "[folder]",
        "folder or ZIP of DICOM files; folder of NIfTI files, or of kits23.json and case_*/segmentation.nii.gz; .npz of MedMNIST",
      )
      .requiredOption("--out <folder>", "folder of the cohort")
      .addOption(
        new Option(
          "--from <kind>",
          "what the folder holds; by default kits where kits23.json lies in it, medmnist for a .npz, else dicom",
        ).choices(kinds),
      )
      .option(
        "--table <file>",
        "DICOM, NIfTI: table, CSV or XLSX; without it DICOM is a case a patient, without labels",
      )
      .option("--sheet <name>", "DICOM, NIfTI: sheet of the workbook; by default the first")
      .option(
        "--mapping <file>",
        "DICOM, NIfTI: JSON that says which columns hold what, what words mean, and how NIfTI files are named",
      )
      .option(
        "--tasks <file>",
        "NIfTI, MedMNIST: the cohort's tasks.json: what is asked, and what the images are",
      )
      .option("--center <name>", "DICOM, NIfTI: centre of rows that name none")
      .option("--phases <file>", "DICOM: CSV of case, phase and series, where the series are known")
      .option("--labels <file>", "DICOM, NIfTI: name,label table for the masks' regions or values")
      .option("--no-align", "DICOM: leave phases as scanned")
      .option("--without-mask", "DICOM, NIfTI: import cases without a mask too")
      .option(
        "--segmentation <folder>",
        "DICOM, NIfTI: a model that outlines cases without a mask, as segment takes; by default the one that comes along; none",
      )
      .option("--key <file>", "DICOM: key of the pseudonyms; by default <out>.key, made if it is not there")
      .option("--pseudonyms <file>", "DICOM: table of patient IDs and pseudonyms of one's own")
      .option("--keep-names", "DICOM: no pseudonyms; patient IDs stay")
      .option("--copy-dicom", "DICOM: copy the files used too, de-identified (PS3.15 basic profile)")
      .option("--kits <folder>", "the same as a folder with --from kits")
      .option("--centers <list>", "KiTS: case numbers that make a centre", "A=0-299,B=400-499")
      .option(
        "--only <kind>",
        "KiTS: malignant, all solid malignant tumours; rcc, renal cell carcinomas",
        "malignant",
      )
      .option("--strict", "KiTS: stop at the first mask that does not serve, instead of leaving its case out")
      .option("--threads <n>", "threads; by default one a core", wholeNumber("--threads", 1)),
  ).action(async (given: string | undefined, options: Options) => {
    const folder = given ?? options.kits;
    if (folder === undefined || (given !== undefined && options.kits !== undefined))
      throw new TrinephronError("E_USAGE", "name the folder to import, once");
    const from = options.kits !== undefined ? "kits" : (options.from ?? (await kindOf(folder)));
    const stray = (Object.keys(only) as (keyof Options)[]).find(
      (name) => options[name] !== undefined && !only[name]!.includes(from),
    );
    if (stray)
      throw new TrinephronError(
        "E_USAGE",
        `--${stray.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}: not with ${from}`,
        "say what the folder holds with --from",
      );
    await mustNotExist(resolve(options.out, "cohort.csv"), options);
    await importers[from](folder, options);
  });
}

const kindOf = async (source: string): Promise<Kind> => {
  if (/\.npz$/i.test(source)) return "medmnist";
  return access(join(source, "kits23.json")).then(
    () => "kits",
    () => "dicom",
  );
};
