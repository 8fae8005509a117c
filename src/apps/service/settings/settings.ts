import { z } from "zod";
import { TrinephronError } from "../../../base/errors.ts";
import { parseSettings } from "../../../base/parseSettings.ts";
import { withoutPassword } from "../database/postgresDatabase.ts";
import { destinations } from "../delivery/destination.ts";
import { orthancs } from "../intake/orthanc/orthanc.ts";
import { address } from "./addressList.ts";
import { aeTitle } from "./aeTitle.ts";
import { oidcSettings } from "./oidcSettings.ts";

const port = z.int().min(0).max(65_535);
const megabytes = z.number().positive();

/** All settings of `serve` and `work`, with their defaults. */
export const serviceSettings = z.strictObject({
  model: z.string().describe("folder of a trained model"),
  models: z
    .record(z.string().min(1).max(100), z.string())
    .optional()
    .describe("folders of further models that rules may read with, by names"),
  rules: z.string().optional().describe("file of rules; without it every study is read"),
  segmentation: z
    .string()
    .optional()
    .describe("model that outlines kidney and tumour of studies without a mask"),
  data: z.string().describe("folder of everything that the service keeps"),
  database: z
    .string()
    .optional()
    .describe("PostgreSQL server; without it one is embedded in the data folder"),
  host: z.string().default("127.0.0.1").describe("address that HTTP listens on"),
  port: port.default(8080).describe("port of HTTP; 0: any that is free"),
  tlsCertificate: z.string().optional().describe("file of the certificate and what vouches for it, PEM"),
  tlsKey: z.string().optional().describe("file of its key, PEM"),
  trustProxy: z
    .array(address)
    .default([])
    .describe("addresses or networks of proxies that speak TLS and say for whom they ask"),
  oidc: oidcSettings.optional().describe("a provider of OpenID Connect that signs people in"),
  sessionMinutes: z
    .number()
    .positive()
    .default(30)
    .describe("who asks nothing for so long has to sign in again"),
  sessionHours: z.number().positive().default(12).describe("and after so long in any case"),
  maxRequestsPerMinute: z
    .int()
    .min(1)
    .default(6000)
    .describe("requests of HTTP that an address may send in a minute"),
  openMetrics: z.boolean().default(false).describe("whether metrics are told without a token"),
  dicomPort: port.optional().describe("port of C-STORE; without it none is taken"),
  aeTitle: aeTitle.default("TRINEPHRON").describe("AE title of C-STORE"),
  callers: z.array(aeTitle).default([]).describe("calling AE titles that may send; none: all"),
  addresses: z
    .array(address)
    .default([])
    .describe("addresses or networks that may send by C-STORE; none: this machine alone"),
  watch: z.string().optional().describe("folder from which images are taken as well"),
  settleSeconds: z
    .number()
    .min(0)
    .default(120)
    .describe("a study is complete when no image came for so long"),
  workers: z.int().min(0).max(64).default(1).describe("studies that this process reads at a time"),
  threads: z.int().min(1).max(256).default(2).describe("threads for each"),
  align: z.boolean().default(true).describe("whether phases are registered to each other"),
  explain: z.boolean().default(true).describe("whether maps and reasons are computed"),
  picture: z
    .boolean()
    .default(true)
    .describe("whether the page is written as a picture too, where a browser is installed"),
  maxInstanceMegabytes: megabytes.default(2048).describe("largest image"),
  maxRequestMegabytes: megabytes.default(8192).describe("largest request of STOW-RS"),
  maxRequestParts: z.int().min(1).default(20_000).describe("most images in a request"),
  maxConnections: z.int().min(1).default(50).describe("connections at a time, of C-STORE and of HTTP each"),
  maxPduBytes: z.int().min(4096).max(131_072).default(131_072).describe("longest PDU of C-STORE"),
  idleSeconds: z
    .number()
    .min(1)
    .default(60)
    .describe("a connection that sends nothing for so long is closed"),
  destinations: destinations.default([]).describe("where results go"),
  retentionDays: z
    .number()
    .positive()
    .max(36_500)
    .optional()
    .describe("studies that were concluded so long ago are deleted; without it none is"),
  deliveryHours: z.number().positive().default(72).describe("how long a delivery is tried"),
  orthanc: orthancs.default([]).describe("Orthancs from which images are taken as they come there"),
  watchSeconds: z.number().min(0.02).default(5).describe("time between two looks at the watched folder"),
});

/** Settings of the service. */
export type ServiceSettings = z.output<typeof serviceSettings>;

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

/** Whether browsers speak TLS with the service, or with a proxy in front of it. */
export const isSecure = ({
  tlsCertificate,
  trustProxy,
}: Pick<ServiceSettings, "tlsCertificate" | "trustProxy">): boolean =>
  tlsCertificate !== undefined || trustProxy.length > 0;

/** Whether others than this machine can reach its pages. */
export const isReachable = ({ host, trustProxy }: Pick<ServiceSettings, "host" | "trustProxy">): boolean =>
  !loopback.has(host) || trustProxy.length > 0;

/**
 * Settings with their defaults.
 * @param where they come from, in errors
 * @throws E_USAGE naming the first that does not fit, and for an address of HTTP that others can reach
 */
export function parseServiceSettings(input: unknown, where: string): ServiceSettings {
  const settings = parseSettings(serviceSettings, input, where, "docs/service.md");
  if ((settings.tlsCertificate === undefined) !== (settings.tlsKey === undefined))
    throw new TrinephronError("E_USAGE", `${where}: tlsCertificate and tlsKey go together`, "name both");
  if (isReachable(settings) && !isSecure(settings))
    throw new TrinephronError(
      "E_USAGE",
      `--host ${settings.host}: without TLS anybody on the way could read what is shown, and passwords`,
      "name --tls-certificate and --tls-key, or the setting trustProxy; or reach this machine through a tunnel",
    );
  return settings;
}

/** Settings as they may be shown: without the password of the database. */
export const shownSettings = (settings: ServiceSettings): ServiceSettings => ({
  ...settings,
  ...(settings.database !== undefined && { database: withoutPassword(settings.database) }),
});
