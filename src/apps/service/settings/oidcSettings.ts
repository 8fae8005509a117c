import { z } from "zod";
import { roles } from "../access/policy.ts";

const isHere = (url: URL) => ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
/** What secrets are sent to is reached by TLS, unless it is this machine. */
const address = z
  .url({ protocol: /^https?$/ })
  .refine((text) => text.startsWith("https:") || isHere(new URL(text)), "not by https");

/** A provider of OpenID Connect that signs people in. */
export const oidcSettings = z.strictObject({
  issuer: address.describe("the provider, as its discovery document names it"),
  clientId: z.string().min(1).describe("what the provider calls the service"),
  secretVariable: z
    .string()
    .min(1)
    .optional()
    .describe(
      "environment variable that holds the service's secret; without it the service is a public client",
    ),
  url: address
    .transform((text) => text.replace(/\/+$/, ""))
    .describe("the service as browsers reach it; the provider sends them to /signin/oidc/callback there"),
  scope: z
    .string()
    .regex(/^(\S+ )*openid( \S+)*$/, "openid is not among them")
    .default("openid profile")
    .describe("what the provider is asked for"),
  nameClaim: z.string().min(1).default("preferred_username").describe("claim with the account's name"),
  roleClaim: z
    .string()
    .min(1)
    .default("roles")
    .describe("claim with roles or groups; dots lead into it, as realm_access.roles"),
  roles: z
    .record(z.string().min(1), z.enum(roles))
    .refine((named) => Object.keys(named).length > 0, "names no role")
    .describe("roles by values of the claim; of several the first"),
});
export type OidcSettings = z.output<typeof oidcSettings>;
