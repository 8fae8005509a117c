import type { Command } from "commander";
import { changeAccount } from "../../service/access/accounts.ts";
import { byCommandLine } from "../../service/audit/actor.ts";
import { result } from "../support/io.ts";
import { readPassword } from "../support/readPassword.ts";
import { inPlace, type PlaceOptions, withPlaceOptions } from "../support/servicePlace.ts";

export function register(account: Command): void {
  withPlaceOptions(
    account
      .command("password <name>")
      .description("set a password, which is asked for or read from standard input; it ends all sessions"),
  ).action(async (name: string, options: PlaceOptions) => {
    await inPlace(options, async (database) =>
      changeAccount(database, name, { password: await readPassword() }, byCommandLine),
    );
    result(
      options,
      { name: name.toLowerCase(), done: "password changed" },
      `${name.toLowerCase()}: password changed`,
    );
  });
}
