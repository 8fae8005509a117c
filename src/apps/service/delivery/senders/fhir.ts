import { buffer } from "node:stream/consumers";
import type { FhirBundle } from "../../../../imaging/formats/fhir/resource.ts";
import { predictionFiles } from "../../../../report/prediction/predictionFiles.ts";
import type { Credentials } from "../credentials.ts";
import type { DestinationOf } from "../destination.ts";
import { fhirTransaction } from "../fhirTransaction.ts";
import { outcomeOf } from "../http/outcomeOf.ts";
import { post } from "../http/post.ts";
import type { Send } from "../sender.ts";
import { later, refused } from "../sent.ts";

/** Two transactions touched one resource at a time, as that of the model: nothing is wrong with either. */
const conflicts = new Set([409, 412]);

/** Puts a result's DiagnosticReport, Observations and Device on a FHIR R4 server, all or none. */
export const sendToFhir =
  ({ url, timeoutSeconds }: DestinationOf<"fhir">, { authorization }: Credentials): Send =>
  async (result, results, signal) => {
    const file = result.files.find(({ name }) => name === predictionFiles.fhir);
    if (!file) return refused("the result has no FHIR report");
    const bundle = JSON.parse((await buffer(await results.read(file.key))).toString("utf8")) as FhirBundle;
    const body = Buffer.from(JSON.stringify(fhirTransaction(bundle, result.studyUid)));
    const answer = await post(url.replace(/\/$/, ""), {
      headers: {
        "content-type": "application/fhir+json",
        accept: "application/fhir+json",
        ...(authorization !== undefined && { authorization }),
      },
      length: body.length,
      body: [body],
      timeoutSeconds,
      signal,
    });
    if ("outcome" in answer) return answer;
    if (conflicts.has(answer.status)) return later(`HTTP status ${answer.status}: ${answer.text}`);
    return outcomeOf(answer);
  };
