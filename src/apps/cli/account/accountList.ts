import type { Command } from "commander";
import { listAccounts } from "../../service/access/accounts.ts";
import { result, textTable } from "../support/io.ts";
import { inPlace, type PlaceOptions, withPlaceOptions } from "../support/servicePlace.ts";

export function register(account: Command): void {
  withPlaceOptions(account.command("list").description("list all accounts")).action(
    async (options: PlaceOptions) => {
      const accounts = await inPlace(options, listAccounts);
      const rows = accounts.map(({ name, role, disabled, external, signedInAt }) => [
        name,
        role,
        disabled ? "disabled" : "may sign in",
        external ? "OpenID Connect" : "password",
        signedInAt?.toISOString() ?? "never",
      ]);
      result(options, accounts, textTable(["name", "role", "state", "signed in by", "last sign-in"], rows));
    },
  );
}
