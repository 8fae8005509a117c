import type { Command } from "commander";
import type { ServicePlace } from "../service/backup/place.ts";
import { restore } from "../service/backup/restore.ts";
import { result } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";

interface Options extends ServicePlace {
  readonly json?: boolean;
}

/** Registers `restore`. */
export function register(program: Command): void {
  program
    .command("restore <folder>")
    .description("make a service of a backup, in an empty place")
    .requiredOption("--data <folder>", "data folder of the service: empty, or not there")
    .option("--database <url>", "its PostgreSQL, without tables of a service; default: embedded in --data")
    .option("--json", "machine-readable result on stdout, all else on stderr")
    .action(async (folder: string, options: Options) => {
      const { manifest, audit } = await longWork(({ progress }) => restore(folder, options, progress));
      result(
        options,
        { created: manifest.created, software: manifest.software, audit },
        `${options.data}: as it was at ${manifest.created}\naudit log: ${audit.entries} entries, each as it was written, last hash ${audit.head}`,
      );
    });
}
