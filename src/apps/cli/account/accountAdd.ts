import type { Command } from "commander";
import { addAccount } from "../../service/access/accounts.ts";
import { type Role, roles } from "../../service/access/policy.ts";
import { byCommandLine } from "../../service/audit/actor.ts";
import { oneOf, result } from "../support/io.ts";
import { readPassword } from "../support/readPassword.ts";
import { inPlace, type PlaceOptions, withPlaceOptions } from "../support/servicePlace.ts";

interface Options extends PlaceOptions {
  readonly role: Role;
}

export function register(account: Command): void {
  withPlaceOptions(
    account
      .command("add <name>")
      .description("add an account; the password is asked for, or read from standard input")
      .requiredOption("--role <role>", roles.join(", "), oneOf("--role", roles)),
  ).action(async (name: string, options: Options) => {
    const { role } = options;
    await inPlace(
      options,
      async (database) => addAccount(database, { name, role, password: await readPassword() }, byCommandLine),
      true,
    );
    const added = name.toLowerCase();
    result(options, { name: added, role }, `${added}: ${role}`);
  });
}
