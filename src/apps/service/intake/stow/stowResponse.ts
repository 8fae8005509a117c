import { failureReason } from "../failureReason.ts";
import type { Received } from "../receiveInstance.ts";

/** Elements of a data set in the DICOM JSON Model (PS3.18 annex F). */
interface JsonDataset {
  readonly [tag: string]: {
    readonly vr: string;
    readonly Value?: readonly (string | number | JsonDataset)[];
  };
}

export interface StowResponse {
  /** 200 where all was stored, 202 where a part was, 409 where nothing was. */
  readonly status: 200 | 202 | 409;
  readonly dataset: JsonDataset;
}

/** Attributes of the response by their tags. */
const tags = {
  errorComment: "00000902",
  referencedSopClass: "00081150",
  referencedSopInstance: "00081155",
  retrieveUrl: "00081190",
  failureReason: "00081197",
  failedSops: "00081198",
  referencedSops: "00081199",
} as const;

/** Of type 2: empty, for images cannot be retrieved from the service. */
const noUrl = { [tags.retrieveUrl]: { vr: "UR" } };

/** The response of a store transaction (PS3.18 § 10.5.3, table I.2-1). */
export function stowResponse(parts: readonly Received[]): StowResponse {
  const stored = parts.flatMap((part) => (part.outcome === "refused" ? [] : part.instance));
  const failed = parts.flatMap((part) => (part.outcome === "refused" ? part : []));
  return {
    status: failed.length === 0 ? 200 : stored.length === 0 ? 409 : 202,
    dataset: {
      ...noUrl,
      ...(failed.length > 0 && {
        [tags.failedSops]: sequence(
          failed.map(({ error, header }) => ({
            ...reference(header?.sopClass, header?.sopInstance),
            [tags.failureReason]: { vr: "US", Value: [failureReason(error)] },
            [tags.errorComment]: text("LO", error.line.slice(0, 64)),
          })),
        ),
      }),
      ...(stored.length > 0 && {
        [tags.referencedSops]: sequence(
          stored.map(({ sopClassUid, sopInstanceUid }) => ({
            ...reference(sopClassUid, sopInstanceUid),
            ...noUrl,
          })),
        ),
      }),
    },
  };
}

const reference = (sopClass: string | undefined, sopInstance: string | undefined): JsonDataset => ({
  ...(sopClass !== undefined && { [tags.referencedSopClass]: text("UI", sopClass) }),
  ...(sopInstance !== undefined && { [tags.referencedSopInstance]: text("UI", sopInstance) }),
});
const text = (vr: string, value: string) => ({ vr, Value: [value] });
const sequence = (items: readonly JsonDataset[]) => ({ vr: "SQ", Value: items });
