import { pathToFileURL } from "node:url";
import { publicPaths } from "../scripts/publicPaths.ts";

/** A program that imports the package, made to import its sources. @throws where it imports what is not offered */
export const fromSource = (program: string): string =>
  program.replaceAll(/"(trinephron(?:\/[\w/]+)?)"/g, (_, path: string) => {
    const source = publicPaths.get(path);
    if (source === undefined) throw new Error(`the package does not offer ${path}`);
    return JSON.stringify(pathToFileURL(source).href);
  });
