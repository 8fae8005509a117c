import { basicAuthorization, type Environment, secretOf } from "../settings/secret.ts";
import type { Destination } from "./destination.ts";

/** What a destination needs that settings do not hold. */
export interface Credentials {
  /** Header of HTTP. */
  readonly authorization?: string | undefined;
  /** Of a webhook's signature. */
  readonly secret?: string | undefined;
}

/** @throws E_USAGE where a variable that is named is not set */
export function credentialsOf(destination: Destination, environment: Environment): Credentials {
  const read = (variable: string) => secretOf(environment, variable, `destination ${destination.name}`);
  if (destination.kind === "webhook") {
    const { secretVariable } = destination;
    return secretVariable === undefined ? {} : { secret: read(secretVariable) };
  }
  if (destination.kind === "dimse") return {};
  const { bearerVariable, basicVariable } = destination;
  if (bearerVariable !== undefined) return { authorization: `Bearer ${read(bearerVariable)}` };
  if (basicVariable === undefined) return {};
  return { authorization: basicAuthorization(read(basicVariable)) };
}
