/** Where somebody wanted to go who had to sign in first: a path of this server alone, never another site. */
export function localPath(text: string | undefined): string {
  // Browsers take a backslash for a slash, and leave out tabs and line ends.
  if (text === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes("\\")) return "/";
  try {
    const here = "http://here.invalid";
    const { origin, pathname, search } = new URL(text, here);
    return origin === here && !pathname.startsWith("//") ? `${pathname}${search}` : "/";
  } catch {
    return "/";
  }
}
