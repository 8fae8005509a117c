import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { type Scope, scopes } from "../../service/access/policy.ts";
import { addToken, longestDays } from "../../service/access/tokens.ts";
import { byCommandLine } from "../../service/audit/actor.ts";
import { oneOf, result, say, wholeNumber } from "../support/io.ts";
import { inPlace, type PlaceOptions, withPlaceOptions } from "../support/servicePlace.ts";

interface Options extends PlaceOptions {
  readonly scopes: readonly Scope[];
  readonly days: number;
}

export function register(token: Command): void {
  withPlaceOptions(
    token
      .command("add <name>")
      .description("add a token, which is printed this once")
      .requiredOption("--scopes <list>", `with commas, of ${scopes.join(", ")}`, listOfScopes)
      .requiredOption("--days <n>", `it lasts so long, up to ${longestDays}`, days),
  ).action(async (name: string, options: Options) => {
    const secret = await inPlace(
      options,
      (database) => addToken(database, { ...options, name }, byCommandLine),
      true,
    );
    if (!options.json) say("it is kept nowhere, and printed this once:");
    result(options, { name: name.toLowerCase(), token: secret }, secret);
  });
}

const listOfScopes = (text: string): Scope[] =>
  text.split(",").map((each) => oneOf("--scopes", scopes)(each.trim()));

function days(text: string): number {
  const value = wholeNumber("--days", 1)(text);
  if (value <= longestDays) return value;
  throw new TrinephronError("E_USAGE", `--days ${text}: more than ${longestDays}`);
}
