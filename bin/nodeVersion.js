/** The oldest Node that runs this package: the first to leave out TypeScript's types by itself. */
const oldest = [22, 18];

/**
 * What to tell a user whose Node is too old; undefined where it is new enough. This file and `trinephron.js` must be
 * readable to an old Node: they import nothing by a name that one lacks.
 * @param {string} version as in `process.versions.node`: `20.20.2`
 * @returns {string | undefined} one line, without its end
 */
export function tooOld(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
  return `E_NODE: Node ${version} is too old, ${oldest.join(".")} or later is needed — install Node 24 (npm i node@24 trinephron puts it beside this package)`;
}
