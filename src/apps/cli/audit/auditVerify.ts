import type { Command } from "commander";
import { TrinephronError } from "../../../base/errors.ts";
import { type AuditPlace, openAudit } from "../../service/audit/openAudit.ts";
import { auditPages } from "../../service/audit/readAudit.ts";
import { verifyAudit } from "../../service/audit/verifyAudit.ts";
import { result } from "../support/io.ts";

interface Options extends AuditPlace {
  readonly json?: boolean;
  readonly head?: string;
}

export function register(audit: Command): void {
  audit
    .command("verify")
    .description("check that no entry was changed, removed or put in")
    .option("--data <folder>", "data folder of the service, which must not run meanwhile")
    .option("--database <url>", "its PostgreSQL, as postgres://user@host/name")
    .option("--head <hash>", "a hash that was noted elsewhere, and has to be in the log", hash)
    .option("--json", "machine-readable result on stdout, all else on stderr")
    .action(async (options: Options) => {
      const database = await openAudit(options);
      try {
        const found = await verifyAudit(auditPages(database), options.head);
        result(options, found, `${found.entries} entries, each as it was written\nlast hash: ${found.head}`);
      } finally {
        await database.close();
      }
    });
}

function hash(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new TrinephronError("E_USAGE", `--head ${text}: not a SHA-256 of 64 hexadecimal digits`);
}
