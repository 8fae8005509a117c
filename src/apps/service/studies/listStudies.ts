import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import type { Statements } from "../database/database.ts";
import { progressColumn, type ReadingProgress } from "./progress.ts";
import type { ShortAnswer } from "./result.ts";
import { searchText } from "./searchText.ts";
import { type StudyState, studyStates } from "./states.ts";

/** What a worklist may be sorted by. */
const studySorts = ["received", "patient", "date"] as const;
const columns: Readonly<Record<(typeof studySorts)[number], string>> = {
  // Numbers are given as studies come.
  received: "''",
  patient: "patient_name",
  date: "study_date",
};

/** What is asked of a worklist; a form's empty fields ask nothing. */
export const studyQuery = z.object({
  search: z
    .string()
    .max(200)
    .regex(/^\P{Cc}*$/u, "no control characters")
    .default("")
    .describe("part of a patient's name or ID, an accession number or a UID"),
  state: z
    .union([z.enum(studyStates), z.literal("").transform(() => undefined)])
    .optional()
    .describe("studies in this state alone"),
  sort: z.enum(studySorts).default("received"),
  order: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().max(1000).optional().describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type StudyQuery = z.output<typeof studyQuery>;

/** One line of a worklist. */
export interface StudyLine {
  readonly studyUid: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly studyDate: string;
  readonly description: string;
  readonly accessionNumber: string;
  readonly state: StudyState;
  readonly reasonCode: string | null;
  readonly images: number;
  /** How far reading it has come, while it is read. */
  readonly progress: ReadingProgress | null;
  readonly receivedAt: Date;
  readonly changedAt: Date;
  /** Of the latest result. */
  readonly answers: readonly ShortAnswer[] | null;
  /** Where the training images came from of the model that gave them. */
  readonly modelSources: readonly string[] | null;
}

export interface StudyPage {
  readonly studies: readonly StudyLine[];
  /** Asks for the next page; undefined where this is the last. */
  readonly next: string | undefined;
}

/** Columns of a {@link StudyLine}, of studies `s` and results `r`. */
export const lineColumns = `s.study_uid as "studyUid", s.patient_id as "patientId", s.patient_name as "patientName",
  s.study_date as "studyDate", s.description, s.accession_number as "accessionNumber", s.state,
  s.reason_code as "reasonCode", s.revision as images, s.received_at as "receivedAt", s.changed_at as "changedAt",
  ${progressColumn} as progress,
  r.answers, r.model_sources as "modelSources"`;

const cursor = z.tuple([z.string().regex(/^\P{Cc}*$/u), z.int32()]);

/**
 * A page of the worklist. Pages go on after the last row of the one before, so that a thousandth page is as quick as the
 * first, and no study is missed or shown twice when others come in between.
 * @throws E_USAGE for an `after` that no page gave
 */
export async function listStudies({ query }: Statements, asked: StudyQuery): Promise<StudyPage> {
  const { search, state, sort, order, after, limit } = asked;
  const column = columns[sort];
  const values: unknown[] = [];
  const value = (of: unknown) => `$${values.push(of)}`;
  const conditions: string[] = [];
  if (state !== undefined) conditions.push(`s.state = ${value(state)}`);
  if (search.trim() !== "") {
    const pattern = `%${searchText(search.trim()).replaceAll(/[\\%_]/g, "\\$&")}%`;
    conditions.push(`s.search like ${value(pattern)}`);
  }
  if (after !== undefined) {
    const [last, id] = cursorOf(after);
    const than = order === "asc" ? ">" : "<";
    conditions.push(
      column === "''"
        ? `s.id ${than} ${value(id)}`
        : `(s.${column}, s.id) ${than} (${value(last)}, ${value(id)})`,
    );
  }
  const by = column === "''" ? `s.id ${order}` : `s.${column} ${order}, s.id ${order}`;
  const found = await query<
    StudyLine & { readonly key: string; readonly id: number; readonly [name: string]: unknown }
  >(
    `select s.id, ${column === "''" ? column : `s.${column}`} as key, ${lineColumns}
     from trinephron.studies s left join trinephron.results r on r.study_id = s.id
     ${conditions.length > 0 ? `where ${conditions.join(" and ")}` : ""}
     order by ${by} limit ${value(limit + 1)}`,
    values,
  );
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    studies: shown.map(({ key: _, id: __, ...line }) => line as StudyLine),
    next: found.length > limit && last ? encoded([last.key, last.id]) : undefined,
  };
}

const encoded = (of: z.output<typeof cursor>) => Buffer.from(JSON.stringify(of)).toString("base64url");

function cursorOf(text: string): z.output<typeof cursor> {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw new TrinephronError("E_USAGE", "after: not the next of a page", "begin with the first page");
  }
}

/** How many studies are in each state. */
export async function countStates({ query }: Statements): Promise<Readonly<Record<StudyState, number>>> {
  const found = await query<{ state: StudyState; n: number }>(
    "select state, count(*)::integer as n from trinephron.studies group by state",
  );
  const counted = new Map(found.map(({ state, n }) => [state, n]));
  return Object.fromEntries(studyStates.map((state) => [state, counted.get(state) ?? 0])) as never;
}
