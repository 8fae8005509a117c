import { type ContentItem, text } from "./contentItem.ts";
import { templateCodes } from "./templateCodes.ts";

/** What measured: of a number, or of all numbers of a group. */
export interface Algorithm {
  readonly name: string;
  readonly version: string;
}

/** Algorithm identification: TID 4019 (PS3.16). */
export const algorithmIdentification = ({ name, version }: Algorithm): ContentItem[] => [
  text("HAS CONCEPT MOD", templateCodes.algorithmName, name),
  text("HAS CONCEPT MOD", templateCodes.algorithmVersion, version),
];
