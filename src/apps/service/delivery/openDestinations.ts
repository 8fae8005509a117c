import { library } from "../library.ts";
import { credentialsOf } from "./credentials.ts";
import type { Destination } from "./destination.ts";
import type { Send } from "./sender.ts";
import { sendByStow } from "./senders/dicomweb.ts";
import { sendByStore } from "./senders/dimse.ts";
import { sendToFhir } from "./senders/fhir.ts";
import { sendToWebhook } from "./senders/webhook.ts";

/** How results get to each destination, by its name. */
export type Destinations = ReadonlyMap<string, Send>;

/**
 * @param environment variables that hold what settings may not
 * @param aeTitle of the service
 * @throws E_USAGE where a variable is not set, E_LIBRARY
 */
export async function openDestinations(
  destinations: readonly Destination[],
  environment: Readonly<Record<string, string | undefined>>,
  aeTitle: string,
): Promise<Destinations> {
  if (destinations.some(({ kind }) => kind === "dimse"))
    await library("dcmjs-dimse", async () => import.meta.resolve("dcmjs-dimse"));
  return new Map(
    destinations.map((destination) => [destination.name, senderOf(destination, environment, aeTitle)]),
  );
}

function senderOf(
  destination: Destination,
  environment: Readonly<Record<string, string | undefined>>,
  aeTitle: string,
): Send {
  const credentials = credentialsOf(destination, environment);
  switch (destination.kind) {
    case "dicomweb":
      return sendByStow(destination, credentials);
    case "dimse":
      return sendByStore(destination, aeTitle);
    case "fhir":
      return sendToFhir(destination, credentials);
    case "webhook":
      return sendToWebhook(destination, credentials);
  }
}
