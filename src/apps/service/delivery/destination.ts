import { z } from "zod";
import { aeTitle } from "../settings/aeTitle.ts";

const variable = z.string().regex(/^[A-Za-z_]\w*$/, "no name of an environment variable");

/** An address without anything secret, for settings are shown. */
const url = z
  .url({ protocol: /^https?$/, error: "no address that begins with http:// or https://" })
  .refine((text) => {
    const parsed = URL.parse(text);
    // What is no address at all is said above.
    if (parsed === null) return true;
    return [parsed.username, parsed.password, parsed.search, parsed.hash].every((part) => part === "");
  }, "an address with a password or a question in it: secrets belong in an environment variable");

const named = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "no name of small letters, digits and hyphens")
    .describe("by which pages and rules call it"),
  timeoutSeconds: z.number().min(0.1).max(3600).default(120).describe("longest that one try may take"),
};

const signedIn = {
  bearerVariable: variable.optional().describe("environment variable that holds a bearer token"),
  basicVariable: variable.optional().describe("environment variable that holds user:password"),
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

export const destinations = z
  .array(destination)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "two of the same name");
