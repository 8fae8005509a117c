/** KiTS's classes as a reader calls them. */
const known: Readonly<Record<string, string>> = {
  kidney_and_mass: "kidney with masses",
  mass: "masses (tumours and cysts)",
  tumor: "tumours",
};

/** A class inside a sentence. */
export const className = (name: string): string =>
  Object.hasOwn(known, name) ? known[name] : name.replaceAll("_", " ");

/** The same at the start of a line. */
export const classTitle = (name: string): string => className(name).replace(/^./, (c) => c.toUpperCase());
