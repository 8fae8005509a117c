import type { Command } from "commander";
import { register as exporting } from "./auditExport.ts";
import { register as verify } from "./auditVerify.ts";

export function register(program: Command): void {
  const audit = program
    .command("audit")
    .description("the audit log of a service: who did what to which study");
  for (const add of [verify, exporting]) add(audit);
}
