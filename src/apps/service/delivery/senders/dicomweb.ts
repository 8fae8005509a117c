import { z } from "zod";
import type { ContentStore } from "../../pixels/contentStore.ts";
import type { ResultFile } from "../../studies/result.ts";
import type { Credentials } from "../credentials.ts";
import type { DestinationOf } from "../destination.ts";
import { outcomeOf } from "../http/outcomeOf.ts";
import { type Answer, post } from "../http/post.ts";
import { noObjects, objectsOf } from "../objects.ts";
import type { Send } from "../sender.ts";
import { refused, type Sent } from "../sent.ts";
import { outcomeOfStatus, worst } from "../storeStatus.ts";

/** Stores a result's objects by STOW-RS (PS3.18 § 10.5), in one request. */
export const sendByStow =
  ({ url, files, timeoutSeconds }: DestinationOf<"dicomweb">, { authorization }: Credentials): Send =>
  async (result, results, signal) => {
    const objects = objectsOf(result.files, files);
    if (objects.length === 0) return refused(noObjects);
    const boundary = `trinephron-${result.id}`;
    const head = Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
    const between = Buffer.from("\r\n");
    const end = Buffer.from(`--${boundary}--\r\n`);
    const answer = await post(`${url.replace(/\/$/, "")}/studies`, {
      headers: {
        "content-type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
        accept: "application/dicom+json",
        ...(authorization !== undefined && { authorization }),
      },
      length: objects.reduce((sum, { bytes }) => sum + head.length + bytes + between.length, end.length),
      body: bodyOf(objects, results, { head, between, end }),
      timeoutSeconds,
      signal,
    });
    return "outcome" in answer ? answer : outcomeOfStow(answer);
  };

async function* bodyOf(
  objects: readonly ResultFile[],
  results: ContentStore,
  { head, between, end }: Readonly<Record<"head" | "between" | "end", Uint8Array>>,
): AsyncGenerator<Uint8Array> {
  for (const { key } of objects) {
    yield head;
    yield* await results.read(key);
    yield between;
  }
  yield end;
}

/** Failed SOP Sequence with its Failure Reasons, in the DICOM JSON Model; nothing where it is anything else. */
const failures = z
  .object({
    "00081198": z.object({
      Value: z.array(z.object({ "00081197": z.object({ Value: z.array(z.coerce.number()) }) })),
    }),
  })
  .transform(({ "00081198": { Value } }) => Value.map(({ "00081197": reason }) => reason.Value[0]));

/** 202 and 409 say of each object why it was not stored, which may be for the lack of room. */
function outcomeOfStow(answer: Answer): Sent {
  if (answer.status !== 202 && answer.status !== 409) return outcomeOf(answer);
  const failed = failures.safeParse(parsed(answer.text)).data ?? [];
  return failed.length === 0 ? outcomeOf(answer) : worst(failed.map(outcomeOfStatus));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
