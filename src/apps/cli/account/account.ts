import type { Command } from "commander";
import { register as add } from "./accountAdd.ts";
import { register as change } from "./accountChange.ts";
import { register as list } from "./accountList.ts";
import { register as password } from "./accountPassword.ts";

export function register(program: Command): void {
  const account = program
    .command("account")
    .description("accounts of a service: who may see and do what on its pages");
  for (const each of [add, list, password, change]) each(account);
}
