import type { DicomFile, DicomHeader } from "../../imaging/formats/dicom/index.ts";
import { candidatesOf } from "../study/candidates.ts";

/** The files of one study of one patient. */
export interface DicomStudy {
  readonly uid: string;
  /** Of the first file. */
  readonly header: DicomHeader;
  /** Readable files only; with them the segmentations and structure sets the patient has in studies without CT. */
  readonly files: readonly DicomFile[];
  /** CT series that can be a phase. */
  readonly ctSeries: number;
}

/** A tree's files by patient and study, in the order found; studies without CT volumes are no entries of their own. */
export async function studiesOf(files: readonly DicomFile[]): Promise<DicomStudy[]> {
  const read = files.filter((file) => file.header !== undefined);
  const patients = Map.groupBy(read, ({ header }) => header!.patient.id ?? "");
  const studies: DicomStudy[] = [];
  for (const own of patients.values()) {
    const groups: { members: DicomFile[]; ctSeries: number }[] = [];
    for (const members of Map.groupBy(own, ({ header }) => header!.study.uid ?? "").values()) {
      const isSeen = members.some(({ setAside }) => setAside === undefined);
      groups.push({ members, ctSeries: isSeen ? (await candidatesOf(members)).candidates.length : 0 });
    }
    const masks = groups
      .filter(({ ctSeries }) => ctSeries === 0)
      .flatMap(({ members }) => members.filter(isMask));
    for (const { members, ctSeries } of groups) {
      if (ctSeries === 0) continue;
      const header = members[0].header!;
      studies.push({ uid: header.study.uid ?? "", header, files: [...members, ...masks], ctSeries });
    }
  }
  return studies;
}

/** Segmentation or structure set. */
export const isMask = ({ header }: DicomFile): boolean => /^(SEG|RTSTRUCT)$/.test(header?.modality ?? "");
