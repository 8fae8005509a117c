import type { FoundStudy } from "./findStudy.ts";
import type { HuVolume } from "./image.ts";
import type { Problem } from "./problem.ts";
import type { GivenFile } from "./sourceOfFile.ts";

/** What the page asks its worker. */
export type Question =
  | { readonly ask: "open"; readonly files: readonly GivenFile[] }
  | { readonly ask: "read"; readonly names: readonly string[] };

/** What the worker answers: a study, then its images as they are read. */
export type Answer =
  | { readonly tell: "progress"; readonly step: string; readonly done: number; readonly total: number }
  | { readonly tell: "study"; readonly study: FoundStudy }
  | { readonly tell: "image"; readonly name: string; readonly volume: HuVolume }
  | { readonly tell: "problem"; readonly problem: Problem; readonly fatal: boolean }
  | { readonly tell: "done"; readonly of: Question["ask"] };
