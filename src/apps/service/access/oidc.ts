import { TrinephronError } from "../../../base/errors.ts";
import { library } from "../library.ts";
import type { OidcSettings } from "../settings/oidcSettings.ts";
import type { Role } from "./policy.ts";

/** What a sign-in that has begun is to be compared with, when it comes back. The browser keeps it. */
interface OidcFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who the provider says somebody is. */
export interface OidcPerson {
  /** Of this issuer alone; never changes. */
  readonly subject: string;
  readonly name: string;
  /** Undefined where the claim names none. */
  readonly role: Role | undefined;
}

/** A provider of OpenID Connect. */
export interface Oidc {
  /** As people know it. */
  readonly host: string;
  /** Where the browser goes to. @throws E_UNREACHABLE */
  begin(): Promise<{ readonly to: string; readonly flow: OidcFlow }>;
  /** @param path with what the provider sent along @throws E_SIGN_IN where it is not what was begun, E_UNREACHABLE */
  end(path: string, flow: OidcFlow): Promise<OidcPerson>;
}

/** Where the provider sends the browser back to. */
export const callbackPath = "/signin/oidc/callback";

/**
 * Signs in by the authorization code flow with PKCE. The provider is asked for its addresses when the first signs in.
 * @throws E_USAGE where the secret is not in the environment, E_LIBRARY
 */
export async function openOidc(
  settings: OidcSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Oidc> {
  const client = await library("openid-client", () => import("openid-client"));
  const { issuer, clientId, secretVariable, url, scope, nameClaim, roleClaim, roles } = settings;
  const secret = secretVariable === undefined ? undefined : environment[secretVariable]?.trim();
  if (secretVariable !== undefined && !secret)
    throw new TrinephronError(
      "E_USAGE",
      `oidc: the environment variable ${secretVariable} is not set`,
      "set it where the service starts, or leave secretVariable out of the settings",
    );
  const discover = () =>
    client
      .discovery(
        new URL(issuer),
        clientId,
        undefined,
        secret === undefined ? client.None() : client.ClientSecretPost(secret),
        issuer.startsWith("http:") ? { execute: [client.allowInsecureRequests] } : {},
      )
      .catch((cause) => {
        throw new TrinephronError(
          "E_UNREACHABLE",
          `${issuer} does not say how it signs people in`,
          "is the issuer right, and is it running?",
          { cause },
        );
      });
  let found: ReturnType<typeof discover> | undefined;
  /** What failed is tried again with the next who signs in. */
  const known = () =>
    (found ??= discover().catch((error) => {
      found = undefined;
      throw error;
    }));
  return {
    host: new URL(issuer).host,
    begin: async () => {
      const verifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const to = client.buildAuthorizationUrl(await known(), {
        redirect_uri: `${url}${callbackPath}`,
        scope,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      return { to: to.href, flow: { state, nonce, verifier } };
    },
    end: async (path, { state, nonce, verifier }) => {
      const configuration = await known();
      try {
        const tokens = await client.authorizationCodeGrant(configuration, new URL(`${url}${path}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const told = tokens.claims()!;
        // Some providers tell more where they are asked once more.
        const isWhole = [nameClaim, roleClaim].every((claim) => claimOf(told, claim) !== undefined);
        const claims =
          isWhole || configuration.serverMetadata().userinfo_endpoint === undefined
            ? told
            : { ...(await client.fetchUserInfo(configuration, tokens.access_token, told.sub)), ...told };
        const name = claimOf(claims, nameClaim);
        return {
          subject: `${issuer} ${told.sub}`,
          name: typeof name === "string" ? name : "",
          role: roleOf(claimOf(claims, roleClaim), roles),
        };
      } catch (cause) {
        throw new TrinephronError("E_SIGN_IN", "the provider did not sign anybody in", "try again", {
          cause,
        });
      }
    },
  };
}

/** A claim by its name, or by dots that lead into it. */
export function claimOf(claims: object, name: string): unknown {
  if (Object.hasOwn(claims, name)) return (claims as Record<string, unknown>)[name];
  return name
    .split(".")
    .reduce<unknown>(
      (within, part) =>
        typeof within === "object" && within !== null && Object.hasOwn(within, part)
          ? (within as Record<string, unknown>)[part]
          : undefined,
      claims,
    );
}

/** The first of these roles that a claim has, as text or in a list. */
export function roleOf(claim: unknown, roles: OidcSettings["roles"]): Role | undefined {
  const values = new Set([claim].flat());
  return Object.entries(roles).find(([value]) => values.has(value))?.[1];
}
