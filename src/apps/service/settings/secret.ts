import { TrinephronError } from "../../../base/errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What settings name but do not hold.
 * @param whose as `destination pacs`, in errors
 * @throws E_USAGE where the variable is not set
 */
export function secretOf(environment: Environment, variable: string, whose: string): string {
  const value = environment[variable]?.trim();
  if (value) return value;
  throw new TrinephronError(
    "E_USAGE",
    `${whose}: the environment variable ${variable} is not set`,
    "set it where the service starts, or leave it out of the settings",
  );
}

/** A header of HTTP. @param login `user:password` */
export const basicAuthorization = (login: string): string => `Basic ${Buffer.from(login).toString("base64")}`;
