import {
  type ComprehensiveSrOptions,
  contentItem,
  dcm,
  type MeasurementReport,
  sct,
  ucum,
  uid,
} from "../../../../../../src/imaging/formats/dicom/index.ts";

const mrImage = (number: number) => ({
  sopClass: "1.2.840.10008.5.1.4.1.1.4",
  sopInstance: uid(`test mr ${number}`),
});
const liver = sct("10200004", "Liver");

/** A lesion of the liver measured by MR, as another program than ours could report it. */
export const liverReport: MeasurementReport = {
  observer: { uid: uid("test device"), name: "ruler" },
  procedure: ["24556-8", "LN", "MR Abdomen"],
  images: [
    {
      modality: dcm("MR", "Magnetic Resonance"),
      targetRegion: sct("113345001", "Abdomen"),
      images: [mrImage(1), mrImage(2)],
    },
    { modality: dcm("CT", "Computed Tomography"), targetRegion: liver, images: [] },
  ],
  groups: [
    {
      tracking: { name: "Lesion 1", uid: uid("test lesion") },
      finding: sct("52988006", "Lesion"),
      segment: {
        sopInstance: uid("test seg 1"),
        series: uid("test segs"),
        number: 3,
        source: uid("test mr"),
      },
      site: { code: liver },
      algorithm: { name: "ruler", version: "2" },
      content: [
        contentItem.num("CONTAINS", sct("118565006", "Volume"), 1.25, ucum("mL", "milliliter")),
        undefined,
      ],
    },
  ],
  evaluations: [],
};

export const liverOptions: ComprehensiveSrOptions = {
  context: { patient: {}, study: { uid: uid("test liver study") } },
  series: { uid: uid("test liver report"), number: 7, description: "measurements" },
  evidence: [
    ...[mrImage(1), mrImage(2)].map((image) => ({ ...image, series: uid("test mr") })),
    {
      sopClass: "1.2.840.10008.5.1.4.1.1.66.4",
      sopInstance: uid("test seg 1"),
      series: uid("test segs"),
    },
  ],
  created: new Date(2026, 9, 5, 11, 30, 15),
  name: "liver",
};
