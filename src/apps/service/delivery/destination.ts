import { z } from "zod";
import { aeTitle } from "../settings/aeTitle.ts";
import { basicVariable, namedOnce, remoteName, remoteUrl as url, variable } from "../settings/remote.ts";

const named = {
  name: remoteName,
  timeoutSeconds: z.number().min(0.1).max(3600).default(120).describe("longest that one try may take"),
};

const signedIn = {
  bearerVariable: variable.optional().describe("environment variable that holds a bearer token"),
  basicVariable,
};

/** Files of a result that are DICOM objects. */
export const objectNames = ["report", "segmentation", "picture"] as const;
const files = z
  .array(z.enum(objectNames))
  .min(1)
  .default([...objectNames])
  .describe("which DICOM objects are sent");

const dicomweb = z.strictObject({
  ...named,
  kind: z.literal("dicomweb"),
  url: url.describe("of the store service, without /studies"),
  ...signedIn,
  files,
});
const dimse = z.strictObject({
  ...named,
  kind: z.literal("dimse"),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  aeTitle: aeTitle.describe("called AE title"),
  callingAeTitle: aeTitle.optional().describe("default: the service's own"),
  files,
});
const fhir = z.strictObject({
  ...named,
  kind: z.literal("fhir"),
  url: url.describe("base of the FHIR server"),
  ...signedIn,
});
const webhook = z.strictObject({
  ...named,
  kind: z.literal("webhook"),
  url,
  secretVariable: variable.optional().describe("environment variable that holds the secret of the signature"),
  patient: z.boolean().default(false).describe("whether patient and accession number are told"),
});

/** Where results go. */
export const destination = z
  .discriminatedUnion("kind", [dicomweb, dimse, fhir, webhook])
  .refine(
    (given) => !("basicVariable" in given && "bearerVariable" in given),
    "bearerVariable and basicVariable exclude each other",
  );
export type Destination = z.output<typeof destination>;
export type DestinationOf<Kind extends Destination["kind"]> = Extract<Destination, { kind: Kind }>;

export const destinations = namedOnce(destination);
