import { Option } from "commander";
import { devices } from "../../../numerics/graph/index.ts";
import { chooseDevice, type DeviceChoice } from "../../../numerics/graph/run/chooseDevice.ts";
import { say } from "./io.ts";

/** `--device`, for every command that runs a model. */
export const deviceOption = (): Option =>
  new Option(
    "--device <name>",
    "what models run on; auto: a graphics card or accelerator where one works, else cpu",
  )
    .choices(["auto", ...devices])
    .default("cpu");

/** As `chooseDevice`, what it notes on stderr. */
export const deviceOf = (choice: DeviceChoice) => chooseDevice(choice, { onNote: say });
