import { z } from "zod";
import { isUid } from "../../../imaging/formats/dicom/write/keepable.ts";
import { deliveryStates } from "../delivery/states.ts";
import { studyStates } from "../studies/states.ts";

/** Shapes of what the API takes and gives; the OpenAPI document is made of them. */

export const uidParameter = z.object({
  uid: z.string().max(64).refine(isUid, "no valid UID").describe("Study Instance UID"),
});
export const fileParameter = uidParameter.extend({ name: z.string().max(100) });

const studyLine = z.object({
  studyUid: z.string(),
  patientId: z.string(),
  patientName: z.string().describe("as DICOM has it: Family^Given"),
  studyDate: z.string().describe("YYYYMMDD; empty: unknown"),
  description: z.string(),
  accessionNumber: z.string(),
  state: z.enum(studyStates),
  reasonCode: z.string().nullable().describe("code of the error, where it was not read or failed"),
  images: z.int(),
  progress: z
    .object({ step: z.string(), fraction: z.number().describe("of the step, from 0 to 1") })
    .nullable()
    .describe("of reading it, while it is read"),
  receivedAt: z.string().describe("ISO 8601"),
  changedAt: z.string().describe("ISO 8601"),
  answers: z
    .array(
      z.object({
        task: z.string(),
        decision: z.string(),
        probability: z.number(),
        threshold: z.number(),
        borderline: z.boolean(),
      }),
    )
    .nullable()
    .describe("of the latest result"),
  modelSources: z
    .array(z.string())
    .nullable()
    .describe(
      "where the training images of the model came from; of one that is not `real` alone, answers mean nothing",
    ),
});

const deliveryLine = z.object({
  id: z.int(),
  studyUid: z.string(),
  destination: z.string(),
  state: z.enum(deliveryStates),
  tries: z.int(),
  code: z.string().nullable().describe("of the last try, where it did not succeed"),
  reason: z.string().nullable(),
  createdAt: z.string().describe("ISO 8601"),
  changedAt: z.string().describe("ISO 8601"),
  nextAt: z.string().nullable().describe("when it is tried next; ISO 8601"),
});

export const deliveryPageSchema = z.object({
  deliveries: z.array(deliveryLine),
  next: z.int().optional().describe("`before` of the next page; absent on the last"),
});
export const deliveryParameter = z.object({
  id: z.coerce
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});
export const replayQuery = z.object({
  destination: z.string().max(31).optional().describe("those to this destination alone"),
});
export const replayedSchema = z.object({ replayed: z.int() });

export const studyPageSchema = z.object({
  studies: z.array(studyLine),
  next: z.string().optional().describe("`after` of the next page; absent on the last"),
});

export const studyDetailSchema = studyLine.extend({
  reason: z.string().nullable(),
  series: z.array(
    z.object({
      seriesUid: z.string(),
      modality: z.string().nullable(),
      number: z.int().nullable(),
      description: z.string().nullable(),
      images: z.int(),
    }),
  ),
  events: z
    .array(
      z.object({
        at: z.string().describe("ISO 8601"),
        kind: z.string(),
        code: z.string().nullable(),
        detail: z.string().nullable(),
      }),
    )
    .describe("the latest first"),
  deliveries: z.array(deliveryLine).describe("of its results, the latest first"),
  result: z
    .object({
      answeredAt: z.string().describe("ISO 8601"),
      images: z.int().describe("how many images it was made of"),
      modelSha256: z.string(),
      files: z.array(
        z.object({
          name: z.string(),
          key: z.string().describe("SHA-256 of the content"),
          bytes: z.number(),
          sopInstanceUid: z.string().optional(),
        }),
      ),
    })
    .optional(),
});

export const auditQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe("number of the last entry that one has; 0: from the first on"),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export const auditPageSchema = z.object({
  entries: z.array(
    z.object({
      id: z.int(),
      moment: z.string().describe("ISO 8601"),
      actor: z.string(),
      way: z.string(),
      aeTitle: z.string(),
      address: z.string(),
      action: z.string(),
      studyUid: z.string(),
      request: z.string().describe("of one association or request of several images"),
      detail: z.string().describe("JSON, as it was hashed"),
      previous: z.string().describe("hash of the entry before"),
      hash: z.string(),
    }),
  ),
  next: z.int().optional().describe("`after` of the next page; absent on the last"),
});

const moment = z.coerce.number().int().min(0).max(8.64e15);
export const eventsQuery = z.object({
  after: moment.optional().describe("changes after this moment are told first; ms since 1970"),
});
export const eventsHeaders = z.looseObject({
  "last-event-id": moment.optional().describe("as `after`, when a browser connects again"),
});

export const problemSchema = z.object({
  code: z.string().describe("E_…"),
  message: z.string().describe("what was wrong"),
  hint: z.string().describe("what to do about it; may be empty"),
});

export const deletedSchema = z.object({
  studyUid: z.string(),
  images: z.int(),
  files: z.int().describe("of its result"),
  bytes: z.number(),
  shared: z.int().describe("files that other studies have as well, and that stay"),
  uidsSha256: z.string().describe("SHA-256 of the UIDs of its images, sorted, a line each"),
  contentsSha256: z.string().describe("SHA-256 of the SHA-256 of its images and files, sorted, a line each"),
});

/** Answers of every route that somebody may not be allowed, or that checks what it is asked. */
export const refusals = {
  400: problemSchema,
  401: problemSchema,
  403: problemSchema,
  429: problemSchema,
} as const;

export const doneSchema = z.object({ studyUid: z.string() });
