import type { Command } from "commander";
import { register as collect } from "./readersCollect.ts";
import { register as form } from "./readersForm.ts";

export function register(program: Command): void {
  const readers = program
    .command("readers")
    .description("hand out reading forms and collect what readers say");
  for (const add of [form, collect]) add(readers);
}
