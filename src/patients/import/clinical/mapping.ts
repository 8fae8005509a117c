import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { complexities, histologies, stages } from "../../cohort/case.ts";
import { sexes } from "../../cohort/columns.ts";
import { lookupKey } from "./vocabulary.ts";

/** What a clinical table can say of a row. */
const fields = [
  "patient",
  "case",
  "accession",
  "study",
  "surgery_date",
  "center",
  "age",
  "birth_date",
  "sex",
  "histology",
  "stage",
  "t",
  "n",
  "m",
  "renal",
  "complexity",
  "size_mm",
  "size_cm",
  "necrosis",
  "mask",
  "source",
  "part",
] as const;
export type Field = (typeof fields)[number];

const meaningOf = <T extends string>(...values: T[]) => z.record(z.string(), z.enum(values));

export const mappingSchema = z.strictObject({
  /** Sheet of a workbook; by default the first. */
  sheet: z.string().optional(),
  /** Name of the column that holds a field. */
  columns: z.partialRecord(z.enum(fields), z.string()),
  /** Path of the NIfTI file of each image and of the `mask`, `{column}` standing for the row's cell: NIfTI imports. */
  files: z.record(z.string(), z.string().min(1)).optional(),
  /** Order of `03/04/2021`; dates with points are day first, ISO dates need none. */
  dates: z.enum(["day first", "month first"]).optional(),
  /** What a cell's text means, beside the words known. */
  values: z
    .strictObject({
      center: z.record(z.string(), z.string()),
      sex: meaningOf(...sexes),
      histology: meaningOf(...histologies, "benign"),
      stage: meaningOf(...stages),
      complexity: meaningOf(...complexities),
      necrosis: meaningOf("yes", "no"),
    })
    .partial()
    .optional(),
});
/** `mapping.json`: what a clinical table's columns and words mean; docs/import.md has an example. */
export type Mapping = z.infer<typeof mappingSchema>;

/** @throws E_FILE_MISSING, E_FORMAT with the place that does not fit */
export async function readMapping(path: string): Promise<Mapping> {
  const text = (await readWhole(path)).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new TrinephronError("E_FORMAT", `${path}: not JSON: ${why}`, "docs/import.md has an example", {
      cause,
    });
  }
  const { success, data, error } = mappingSchema.safeParse(json);
  if (success) return data;
  const [{ path: place, message }] = error.issues;
  throw new TrinephronError(
    "E_FORMAT",
    `${path}: ${place.join(".")}: ${message}`,
    "docs/import.md lists the fields",
  );
}

/** Names under which hospitals keep a field, by lookup key; the first that a table has counts. */
const usualNames: Readonly<Record<Field, string>> = {
  patient:
    "patient,patient id,PatID,PID,MRN,medical record number,Patientennummer,Patienten-ID,Patientennr,Pat-Nr,IPP,NIP,ID patient,numéro patient,ID paciente,número de historia,NHC,ID paziente,patiëntnummer",
  case: "case,case id,Fall,Fall-ID,Fallnummer,cas,caso",
  accession: "accession,accession number,Auftragsnummer,Accessionnummer,numéro d'accession",
  study: "study,study UID,StudyInstanceUID",
  surgery_date:
    "surgery date,date of surgery,nephrectomy date,date of nephrectomy,OP-Datum,Operationsdatum,date opération,date d'intervention,date de chirurgie,fecha cirugía,fecha de cirugía,data intervento,operatiedatum",
  center: "center,centre,site,hospital,Zentrum,Klinik,centro,hôpital,centrum",
  age: "age,Alter,âge,edad,età,idade,leeftijd,wiek",
  birth_date:
    "birth date,date of birth,DOB,Geburtsdatum,geb,date de naissance,fecha de nacimiento,data di nascita,geboortedatum",
  sex: "sex,gender,Geschlecht,sexe,sexo,sesso,geslacht,płeć",
  histology:
    "histology,histological type,histologic subtype,tumor histology,Histologie,Tumortyp,type histologique,histología,istologia,histologia",
  stage: "stage,stage group,AJCC stage,UICC stage,Stadium,UICC,stade,estadio,stadio",
  t: "t,pT,cT,T stage,pT stage,pathological T,T-Stadium",
  n: "n,pN,cN,N stage,pN stage,N-Stadium",
  m: "m,pM,cM,M stage,M-Stadium",
  renal: "renal,RENAL score,R.E.N.A.L.,RENAL nephrometry score,RENAL total,nephrometry score",
  complexity: "complexity,RENAL complexity,Komplexität,complexité,complejidad,complessità",
  size_mm:
    "size_mm,size (mm),tumor size (mm),tumour size (mm),diameter (mm),Tumorgröße (mm),taille (mm),tamaño (mm)",
  size_cm:
    "size_cm,size (cm),tumor size (cm),tumour size (cm),diameter (cm),Tumorgröße (cm),taille (cm),tamaño (cm)",
  necrosis: "necrosis,tumor necrosis,tumour necrosis,Nekrose,Tumornekrose,nécrose,necrosi,necrose",
  mask: "mask",
  source: "source",
  part: "part",
};

/**
 * The columns of a table that hold fields, by their usual names; `case` serves as `patient` where there is none.
 * @throws E_FORMAT where two columns could hold one field, or none tells the patient or study
 */
export function usualColumns(header: readonly string[], path: string): Mapping["columns"] {
  const columns: Partial<Record<Field, string>> = {};
  for (const field of fields) {
    const own = header.find((name) => name === field);
    const keys = new Set(usualNames[field].split(",").map(lookupKey));
    const alike = own === undefined ? header.filter((name) => keys.has(lookupKey(name))) : [own];
    if (alike.length > 1)
      throw new TrinephronError(
        "E_FORMAT",
        `${path}: columns ${alike.join(" and ")} could both be ${field}`,
        "say which with --mapping",
      );
    if (alike.length === 1) columns[field] = alike[0];
  }
  return mustIdentify(columns, header, path);
}

/** The columns of a mapping, all of which the table must have. @throws E_FORMAT */
export function mappedColumns(mapping: Mapping, header: readonly string[], path: string): Mapping["columns"] {
  const missing = Object.entries(mapping.columns).find(([, name]) => !header.includes(name));
  if (missing)
    throw new TrinephronError(
      "E_FORMAT",
      `${path}: no column ${missing[1]}, which the mapping gives for ${missing[0]}`,
      `its columns are ${header.join(", ")}`,
    );
  return mustIdentify(mapping.columns, header, path);
}

function mustIdentify(
  columns: Mapping["columns"],
  header: readonly string[],
  path: string,
): Mapping["columns"] {
  if (columns.patient ?? columns.case ?? columns.study ?? columns.accession) return columns;
  throw new TrinephronError(
    "E_FORMAT",
    `${path}: no column with the patient ID`,
    `name it with --mapping; its columns are ${header.join(", ")}`,
  );
}
