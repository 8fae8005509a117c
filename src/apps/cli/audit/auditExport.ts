import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { mustNotExist, writeWhole } from "../../../base/files.ts";
import { type AuditFormat, auditFormats, exportAudit } from "../../service/audit/exportAudit.ts";
import { type AuditPlace, openAudit } from "../../service/audit/openAudit.ts";
import { oneOf, result } from "../support/io.ts";

interface Options extends AuditPlace {
  readonly json?: boolean;
  readonly force?: boolean;
  readonly format: AuditFormat;
  readonly out: string;
  readonly from?: string;
  readonly to?: string;
}

export function register(audit: Command): void {
  audit
    .command("export")
    .description("write the log to a file, an entry a line")
    .requiredOption("--out <file>", "file to write")
    .option("--data <folder>", "data folder of the service, which must not run meanwhile")
    .option("--database <url>", "its PostgreSQL, as postgres://user@host/name")
    .option(
      "--format <name>",
      "fhir (AuditEvent of R4) or jsonl (entries as they are hashed)",
      oneOf("--format", auditFormats),
      "jsonl",
    )
    .option("--from <moment>", "entries from 2026-01-31, or 2026-01-31T08:00Z, on", moment("--from"))
    .option("--to <moment>", "entries before it", moment("--to"))
    .option("--json", "machine-readable result on stdout, all else on stderr")
    .option("--force", "overwrite an output that is there")
    .action(async (options: Options) => {
      const { out, format, from, to } = options;
      await mustNotExist(out, options);
      const database = await openAudit(options);
      try {
        let entries = 0;
        const text = exportAudit(database, format, { from, to }, (count) => (entries += count));
        await writeWhole(out, text, 0o600);
        result(options, { out, format, entries }, `${out}: ${entries} entries`);
      } finally {
        await database.close();
      }
    });
}

const shape = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Days begin at midnight UTC; hours need a zone. */
const moment =
  (option: string) =>
  (text: string): string => {
    const at = new Date(text);
    if (shape.test(text) && !Number.isNaN(at.getTime())) return at.toISOString();
    throw new TrinephronError(
      "E_USAGE",
      `${option} ${text}: not a moment`,
      "write 2026-01-31 or 2026-01-31T08:00Z",
    );
  };
