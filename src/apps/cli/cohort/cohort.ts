import type { Command } from "commander";
import { register as check } from "./cohortCheck.ts";
import { register as importCohort } from "./cohortImport.ts";
import { register as paint } from "./cohortPaint.ts";
import { register as phantom } from "./cohortPhantom.ts";
import { register as summary } from "./cohortSummary.ts";

export function register(program: Command): void {
  const cohort = program.command("cohort").description("build, verify and describe a cohort");
  for (const add of [importCohort, check, summary, paint, phantom]) add(cohort);
}
