import type { Command } from "commander";
import { openLog } from "../service/log.ts";
import { serve } from "../service/serve.ts";
import { shownSettings } from "../service/settings/settings.ts";
import { result, say } from "./support/io.ts";
import {
  type ServiceOptions,
  serviceSettingsOf,
  untilStopped,
  withIntakeOptions,
  withReadingOptions,
} from "./support/serviceOptions.ts";

/** Registers `serve`. */
export function register(program: Command): void {
  withIntakeOptions(
    withReadingOptions(
      program
        .command("serve")
        .description(
          "a service behind a PACS: takes studies, reads them with a trained model, shows its worklist",
        ),
    ),
  ).action(async (options: ServiceOptions, command: Command) => {
    const settings = await serviceSettingsOf(options, command);
    if (options.printConfig) {
      const shown = shownSettings(settings);
      return result({ json: true }, shown, "");
    }
    const { log } = await openLog({ write: (line) => process.stdout.write(line) });
    const service = await serve(settings, log);
    log.info({ url: service.url, dicomPort: service.dicomPort }, "serving");
    say(`worklist: ${service.url}`);
    if (service.dicomPort !== undefined)
      say(`C-STORE: port ${service.dicomPort}, AE title ${settings.aeTitle}`);
    await untilStopped(service.stop);
    log.info("stopped");
  });
}
