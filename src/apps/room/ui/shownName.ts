import { words } from "../words.ts";

/** An image's name for the eye: a file without its folders; a bare UID tells nobody anything. */
export const shownName = (name: string): string =>
  /^[\d.]{20,}$/.test(name) ? words.unnamed : (name.split("/").at(-1) ?? name);
