import type { Command } from "commander";
import { listTokens } from "../../service/access/tokens.ts";
import { result, textTable } from "../support/io.ts";
import { inPlace, type PlaceOptions, withPlaceOptions } from "../support/servicePlace.ts";

export function register(token: Command): void {
  withPlaceOptions(token.command("list").description("list all tokens, without what programs send")).action(
    async (options: PlaceOptions) => {
      const tokens = await inPlace(options, listTokens);
      const rows = tokens.map(({ name, scopes, expiresAt }) => [
        name,
        scopes.join(","),
        `${expiresAt.getTime() < Date.now() ? "ended" : "ends"} ${expiresAt.toISOString()}`,
      ]);
      result(options, tokens, textTable(["name", "scopes", "time"], rows));
    },
  );
}
