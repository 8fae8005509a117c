import type { Command } from "commander";
import { changeAccount, removeAccount } from "../../service/access/accounts.ts";
import { byCommandLine } from "../../service/audit/actor.ts";
import type { Database } from "../../service/database/database.ts";
import { result } from "../support/io.ts";
import { inPlace, type PlaceOptions, withPlaceOptions } from "../support/servicePlace.ts";

const changes: readonly (readonly [
  command: string,
  description: string,
  done: string,
  change: (database: Database, name: string) => Promise<void>,
])[] = [
  [
    "disable",
    "end an account's sessions, and let it sign in no more",
    "disabled",
    (database, name) => changeAccount(database, name, { disabled: true }, byCommandLine),
  ],
  [
    "enable",
    "let a disabled account sign in again",
    "enabled",
    (database, name) => changeAccount(database, name, { disabled: false }, byCommandLine),
  ],
  [
    "remove",
    "remove an account; the audit log keeps its name",
    "removed",
    (database, name) => removeAccount(database, name, byCommandLine),
  ],
];

export function register(account: Command): void {
  for (const [command, description, done, change] of changes)
    withPlaceOptions(account.command(`${command} <name>`).description(description)).action(
      async (name: string, options: PlaceOptions) => {
        await inPlace(options, (database) => change(database, name));
        result(options, { name: name.toLowerCase(), done }, `${name.toLowerCase()}: ${done}`);
      },
    );
}
