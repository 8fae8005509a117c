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
export function studiesOf(files: readonly DicomFile[]): DicomStudy[] {
  const read = files.filter((file) => file.header !== undefined);
  const patients = Map.groupBy(read, ({ header }) => header!.patient.id ?? "");
  return [...patients.values()].flatMap((own) => {
    const groups = [...Map.groupBy(own, ({ header }) => header!.study.uid ?? "").values()].map((members) => ({
      members,
      ctSeries: members.some(({ setAside }) => setAside === undefined)
        ? candidatesOf(members).candidates.length
        : 0,
    }));
    const masks = groups
      .filter(({ ctSeries }) => ctSeries === 0)
      .flatMap(({ members }) => members.filter(isMask));
    return groups
      .filter(({ ctSeries }) => ctSeries > 0)
      .map(({ members, ctSeries }): DicomStudy => {
        const header = members[0].header!;
        return { uid: header.study.uid ?? "", header, files: [...members, ...masks], ctSeries };
      });
  });
}

/** Segmentation or structure set. */
export const isMask = ({ header }: DicomFile): boolean => /^(SEG|RTSTRUCT)$/.test(header?.modality ?? "");
