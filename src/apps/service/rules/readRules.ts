import { TrinephronError } from "../../../base/errors.ts";
import { readWhole } from "../../../base/files.ts";
import { parseJson } from "../../../imaging/formats/parseJson.ts";
import { type Rule, rulesFile } from "./rulesFile.ts";

/**
 * @param models names of those that rules may read with
 * @param destinations names of those that results may go to
 * @throws E_FILE_MISSING, E_FORMAT, E_USAGE where a rule names a model or a destination that the settings have not
 */
export async function readRules(
  path: string,
  models: readonly string[],
  destinations: readonly string[],
): Promise<readonly Rule[]> {
  const { rules } = parseJson(rulesFile, (await readWhole(path)).toString("utf8"), path);
  for (const rule of rules) {
    const missing = (what: string, names: readonly string[], known: readonly string[]) => {
      const name = names.find((each) => !known.includes(each));
      if (name !== undefined)
        throw new TrinephronError(
          "E_USAGE",
          `${path}: rule "${rule.name}": the settings have no ${what} ${name}`,
          known.length > 0 ? `they have ${known.join(", ")}` : "see docs/service.md",
        );
    };
    missing("model", rule.model === undefined ? [] : [rule.model], models);
    missing("destination", rule.destinations ?? [], destinations);
  }
  return rules;
}
