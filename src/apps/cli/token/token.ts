import type { Command } from "commander";
import { register as add } from "./tokenAdd.ts";
import { register as list } from "./tokenList.ts";
import { register as revoke } from "./tokenRevoke.ts";

export function register(program: Command): void {
  const token = program
    .command("token")
    .description("tokens of a service: what programs may ask of it, and for how long");
  for (const each of [add, list, revoke]) each(token);
}
