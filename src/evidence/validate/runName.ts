import type { ModelFolder } from "../../learning/trained/modelFolder.ts";

/** A trained model's name in `results.json`: `mtdl`, `stdl histology` … */
export const runName = ({ kind, tasks }: Pick<ModelFolder["config"], "kind" | "tasks">): string =>
  kind === "mtdl" ? "mtdl" : `stdl ${tasks[0]}`;
