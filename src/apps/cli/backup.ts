import type { Command } from "commander";
import { backUp } from "../service/backup/backUp.ts";
import type { ServicePlace } from "../service/backup/place.ts";
import { result } from "./support/io.ts";
import { longWork } from "./support/longWork.ts";

interface Options extends ServicePlace {
  readonly out: string;
  readonly link?: boolean;
  readonly json?: boolean;
}

/** Registers `backup`. */
export function register(program: Command): void {
  program
    .command("backup")
    .description("copy all that a service keeps into a folder, as it is at one moment")
    .requiredOption("--data <folder>", "data folder of the service")
    .option(
      "--database <url>",
      "its PostgreSQL; default: embedded in --data, and then it must not run meanwhile",
    )
    .requiredOption("--out <folder>", "folder to make")
    .option("--link", "images and results get a second name on the same disk in place of a copy")
    .option("--json", "machine-readable result on stdout, all else on stderr")
    .action(async (options: Options) => {
      const { out, link } = options;
      const manifest = await longWork(({ progress }) => backUp(options, out, { isLinked: link, progress }));
      const { images, results, audit } = manifest;
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      result(
        options,
        manifest,
        `${out}: ${images.files} images, ${results.files} files of results, ${rows} rows\naudit log: ${audit.entries} entries, last hash ${audit.head}`,
      );
    });
}
