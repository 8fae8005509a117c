import { TrinephronError } from "../../../base/errors.ts";
import type { Destination } from "./destination.ts";

/** What a destination needs that settings do not hold. */
export interface Credentials {
  /** Header of HTTP. */
  readonly authorization?: string | undefined;
  /** Of a webhook's signature. */
  readonly secret?: string | undefined;
}

/** @throws E_USAGE where a variable that is named is not set */
export function credentialsOf(
  destination: Destination,
  environment: Readonly<Record<string, string | undefined>>,
): Credentials {
  const read = (variable: string) => {
    const value = environment[variable]?.trim();
    if (!value)
      throw new TrinephronError(
        "E_USAGE",
        `destination ${destination.name}: the environment variable ${variable} is not set`,
        "set it where the service starts, or leave it out of the settings",
      );
    return value;
  };
  if (destination.kind === "webhook") {
    const { secretVariable } = destination;
    return secretVariable === undefined ? {} : { secret: read(secretVariable) };
  }
  if (destination.kind === "dimse") return {};
  const { bearerVariable, basicVariable } = destination;
  if (bearerVariable !== undefined) return { authorization: `Bearer ${read(bearerVariable)}` };
  if (basicVariable === undefined) return {};
  return { authorization: `Basic ${Buffer.from(read(basicVariable)).toString("base64")}` };
}
