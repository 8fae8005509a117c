import { createHmac } from "node:crypto";
import { researchUse } from "../../../../evidence/predict/prediction.ts";
import type { Credentials } from "../credentials.ts";
import type { DestinationOf } from "../destination.ts";
import { outcomeOf } from "../http/outcomeOf.ts";
import { post } from "../http/post.ts";
import type { Outgoing, Send } from "../sender.ts";

/**
 * Tells a program of a result, as JSON. Identity, moment and signature stand in the headers of Standard Webhooks 1.0.0
 * (standardwebhooks.com): whoever knows the secret can tell that the service sent it, and when.
 */
export const sendToWebhook =
  ({ url, patient, timeoutSeconds }: DestinationOf<"webhook">, { secret }: Credentials): Send =>
  async (result, _, signal) => {
    const body = Buffer.from(JSON.stringify(payload(result, patient)));
    const timestamp = String(Math.floor(Date.now() / 1000));
    const answer = await post(url, {
      headers: {
        "content-type": "application/json",
        "webhook-id": result.id,
        "webhook-timestamp": timestamp,
        ...(secret !== undefined && {
          "webhook-signature": signature(secret, result.id, timestamp, body),
        }),
      },
      length: body.length,
      body: [body],
      timeoutSeconds,
      signal,
    });
    return "outcome" in answer ? answer : outcomeOf(answer);
  };

/** @param secret its bytes in base64 behind `whsec_`, as Standard Webhooks writes it; else text */
export function signature(secret: string, id: string, timestamp: string, body: Uint8Array): string {
  const marked = /^whsec_(.+)$/.exec(secret);
  const key = marked ? Buffer.from(marked[1], "base64") : Buffer.from(secret);
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  return `v1,${mac}`;
}

const payload = (result: Outgoing, patient: boolean): object => {
  const { studyUid, studyDate, answers, answeredAt, images, modelSha256, modelSources, files } = result;
  const { patientId, patientName, accessionNumber } = result;
  return {
    type: "study.answered",
    timestamp: answeredAt.toISOString(),
    data: {
      studyUid,
      studyDate,
      ...(patient && { patientId, patientName, accessionNumber }),
      images,
      model: { sha256: modelSha256, sources: modelSources },
      answers,
      files: files.map(({ name, bytes, sopInstanceUid }) => ({ name, bytes, sopInstanceUid })),
      note: researchUse,
    },
  };
};
