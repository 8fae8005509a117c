import type { Command } from "commander";
import { revokeToken } from "../../service/access/tokens.ts";
import { byCommandLine } from "../../service/audit/actor.ts";
import { result } from "../support/io.ts";
import { inPlace, type PlaceOptions, withPlaceOptions } from "../support/servicePlace.ts";

export function register(token: Command): void {
  withPlaceOptions(token.command("revoke <name>").description("let nobody in by a token any more")).action(
    async (name: string, options: PlaceOptions) => {
      await inPlace(options, (database) => revokeToken(database, name, byCommandLine));
      result(options, { name: name.toLowerCase(), done: "revoked" }, `${name.toLowerCase()}: revoked`);
    },
  );
}
