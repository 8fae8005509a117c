import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { mustNotExist } from "../../../base/files.ts";
import { wholeNumber, withCommonOptions } from "../support/io.ts";
import { type DicomOptions, importFromDicom } from "./cohortImportDicom.ts";
import { importFromKits, type KitsOptions } from "./cohortImportKits.ts";

interface Options extends KitsOptions, DicomOptions {
  readonly kits?: string;
  readonly from?: "kits" | "dicom";
}

/** Options that mean nothing for the other kind of source. */
const only: Readonly<Record<"kits" | "dicom", readonly (keyof Options)[]>> = {
  kits: ["strict"],
  dicom: [
    "table",
    "sheet",
    "mapping",
    "center",
    "phases",
    "labels",
    "key",
    "pseudonyms",
    "keepNames",
    "copyDicom",
    "withoutMask",
  ],
};

export function register(cohort: Command): void {
  withCommonOptions(
    cohort
      .command("import")
      .description("make a cohort of hospitals' DICOM and a clinical table, or of the KiTS23 release")
      .argument("[folder]", "folder or ZIP of DICOM files, or of kits23.json and case_*/segmentation.nii.gz")
      .requiredOption("--out <folder>", "folder of the cohort")
      .addOption(
        new Option(
          "--from <kind>",
          "what the folder holds; by default kits where kits23.json lies in it",
        ).choices(["kits", "dicom"]),
      )
      .option(
        "--table <file>",
        "DICOM: clinical table, CSV or XLSX; without it a case a patient, without labels",
      )
      .option("--sheet <name>", "DICOM: sheet of the workbook; by default the first")
      .option("--mapping <file>", "DICOM: JSON that says which columns hold what, and what words mean")
      .option("--center <name>", "DICOM: centre of rows that name none")
      .option("--phases <file>", "DICOM: CSV of case, phase and series, where the series are known")
      .option("--labels <file>", "DICOM: name,label table for the masks' regions")
      .option("--no-align", "DICOM: leave phases as scanned")
      .option("--without-mask", "DICOM: import studies without a mask too")
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
    const stray = only[from === "kits" ? "dicom" : "kits"].find((name) => options[name] !== undefined);
    if (stray)
      throw new TrinephronError(
        "E_USAGE",
        `--${stray.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}: not with ${from}`,
        "say what the folder holds with --from",
      );
    await mustNotExist(resolve(options.out, "cohort.csv"), options);
    await (from === "kits" ? importFromKits : importFromDicom)(folder, options);
  });
}

const kindOf = (folder: string): Promise<"kits" | "dicom"> =>
  access(join(folder, "kits23.json")).then(
    () => "kits",
    () => "dicom",
  );
