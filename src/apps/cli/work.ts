import type { Command } from "commander";
import { openLog } from "../service/log.ts";
import { shownSettings } from "../service/settings/settings.ts";
import { work } from "../service/work.ts";
import { result, say } from "./support/io.ts";
import {
  type ServiceOptions,
  serviceSettingsOf,
  untilStopped,
  withReadingOptions,
} from "./support/serviceOptions.ts";

/** Registers `work`. */
export function register(program: Command): void {
  withReadingOptions(
    program.command("work").description("a worker for a service on PostgreSQL: reads studies from its queue"),
  ).action(async (options: ServiceOptions, command: Command) => {
    const settings = await serviceSettingsOf(options, command);
    if (options.printConfig) return result({ json: true }, shownSettings(settings), "");
    const { log } = await openLog({ write: (line) => process.stdout.write(line) });
    const worker = await work(settings, log);
    log.info("working");
    say("working");
    await untilStopped(worker.stop);
    log.info("stopped");
  });
}
