import { access } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { codes, TrinephronError } from "../../../base/errors.ts";
import { readNiftiHeader } from "../../../imaging/formats/nifti/index.ts";
import type { Delimited, DelimitedRow } from "../../../imaging/formats/tables/delimited.ts";
import { type Case, clearestPhase, masksOf, type Phase, phasesOf } from "../../cohort/case.ts";
import { caseFolder } from "../../cohort/caseFolder.ts";
import { ownCells } from "../../cohort/csv.ts";
import type { CohortQuestions } from "../../cohort/tasksFile.ts";
import type { LabelTable } from "../../study/mask/labels/labelTable.ts";
import type { ClinicalRow } from "../clinical/clinical.ts";
import type { ImportChoices, NotImported } from "../options.ts";
import { writeImage } from "../writeImage.ts";
import { fillPattern } from "./filePattern.ts";
import { outlinedMask } from "./outlinedMask.ts";
import { readCaseMask } from "./readCaseMask.ts";

/** What the cases of an import are made of. */
export interface Sources {
  readonly root: string;
  readonly out: string;
  /** Pattern of the files by image, and of the `mask`. */
  readonly files: Readonly<Record<string, string>>;
  readonly labels: LabelTable | undefined;
  readonly questions: CohortQuestions;
  readonly table: Delimited;
}

/** A row made a case, or why it is none. */
export type NiftiCase =
  | { readonly case: Case; readonly remarks: readonly string[] }
  | { readonly failed: NotImported };

/** Finds and opens the files of one row. @throws E_FILE_WRITE; other errors of the user's making are the outcome */
export async function niftiCase(
  row: ClinicalRow,
  cells: DelimitedRow,
  sources: Sources,
  choices: Pick<ImportChoices, "center" | "withoutMask" | "outline">,
): Promise<NiftiCase> {
  const name = nameOf(row)!;
  const left = (reason: string, detail: string) => ({
    failed: { line: row.line, patient: row.patient ?? name, reason, detail },
  });
  try {
    const { images, remarks } = await imagesOf(cells, sources);
    if (Object.keys(images).length === 0) return left("no image", remarks.join("; "));
    const mask = await maskOf(name, cells, images, sources, choices);
    const own = ownCells(sources.table, cells, sources.questions);
    return {
      case: {
        ...row.labels,
        case: name,
        patient: row.patient ?? name,
        center: row.labels.center ?? choices.center!,
        images,
        ...(mask && { mask: mask.path }),
        ...(mask?.byProgram && { maskOrigin: "program" as const }),
        source: row.labels.source ?? "real",
        ...(Object.keys(own).length > 0 && { cells: own }),
      },
      remarks: [...remarks, ...(mask?.remarks ?? [])],
    };
  } catch (error) {
    if (!(error instanceof TrinephronError) || error.code === "E_FILE_WRITE") throw error;
    return left(codes[error.code], error.line);
  }
}

/** The images that are there, and a remark on each that is not. @throws as `readNiftiHeader` */
async function imagesOf({ cells }: DelimitedRow, { root, out, files, questions }: Sources) {
  const images: Partial<Record<Phase, string>> = {};
  const remarks: string[] = [];
  for (const phase of phasesOf(questions)) {
    if (files[phase] === undefined) continue;
    const named = fillPattern(files[phase], cells);
    const path = named === undefined ? undefined : resolve(root, named);
    if (path === undefined) remarks.push(`no file of the ${phase} image is named`);
    else if (!(await isThere(path))) remarks.push(`no file ${named} of the ${phase} image`);
    else {
      await readNiftiHeader(path);
      images[phase] = inCohort(out, path);
    }
  }
  return { images, remarks };
}

interface OwnMask {
  readonly path: string;
  readonly remarks: readonly string[];
  readonly byProgram?: boolean;
}

/** The mask that the cohort will name, written anew where its labels are others, or where a program outlines it. */
async function maskOf(
  name: string,
  { cells }: DelimitedRow,
  images: Case["images"],
  { root, out, files, labels, questions }: Sources,
  { withoutMask, outline }: Pick<ImportChoices, "withoutMask" | "outline">,
): Promise<OwnMask | undefined> {
  const masks = masksOf(questions);
  if (masks === "none") return undefined;
  const named = files.mask === undefined ? undefined : fillPattern(files.mask, cells);
  const path = named === undefined ? undefined : resolve(root, named);
  if (path === undefined || !(await isThere(path))) {
    if (outline && masks === "kidney") {
      const phase = clearestPhase(Object.keys(images));
      const image = { phase, path: resolve(out, images[phase]!) };
      return { ...(await outlinedMask(out, name, image, outline)), byProgram: true };
    }
    if (withoutMask) return undefined;
    throw new TrinephronError(
      "E_MASK",
      `${name}: no mask${named === undefined ? "" : ` ${named}`}`,
      "add one, or import without with --without-mask",
    );
  }
  const { relabeled, remarks } = await readCaseMask(path, masks, labels);
  if (!relabeled) return { path: inCohort(out, path), remarks };
  const own = `${caseFolder(name)}/mask.nii.gz`;
  await writeImage(join(out, own), relabeled);
  return { path: own, remarks };
}

/** The name that a row gets in the cohort. */
export const nameOf = ({ case: name, patient }: ClinicalRow): string | undefined => name ?? patient;

/** A path as `cohort.csv` holds it. */
const inCohort = (out: string, path: string): string => relative(resolve(out), resolve(path));

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
