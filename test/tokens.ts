/** What a piece of TypeScript is: a name, words for readers, or a text of the program. */
export interface Token {
  readonly kind: "identifier" | "comment" | "string" | "regex";
  readonly text: string;
  /** Of its first character, from 1. */
  readonly line: number;
}

/** After these words a slash begins a regular expression. */
const beforeValue = /^(return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield)$/;
const name = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;
const number = /\d[\w.]*/y;
const regex = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*/y;

/** Names, comments, strings (each stretch of a template between its values by itself) and regular expressions of a file. */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  /** Of every brace that is open: whether it began a value in a template. */
  const braces: boolean[] = [];
  /** Of every parenthesis that is open: whether a condition stands in it, after which a statement begins. */
  const parentheses: boolean[] = [];
  let condition = false;
  let at = 0;
  let line = 1;
  let valueBefore = false;
  const take = (kind: Token["kind"] | undefined, end: number, from = at, to = end): void => {
    const text = source.slice(from, to);
    if (kind !== undefined) found.push({ kind, text, line });
    line += source.slice(at, end).split("\n").length - 1;
    at = end;
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  /** From after a backtick or a value's closing brace to the next value or the closing backtick. */
  const template = (start: number): void => {
    let end = start;
    while (end < source.length && source[end] !== "`" && !source.startsWith("${", end))
      end += source[end] === "\\" ? 2 : 1;
    const value = source[end] === "$";
    take("string", end + (value ? 2 : 1), start, end);
    if (value) braces.push(true);
    valueBefore = !value;
  };
  while (at < source.length) {
    const c = source[at];
    if (source.startsWith("//", at) || source.startsWith("#!", at)) {
      const end = source.indexOf("\n", at);
      take("comment", end === -1 ? source.length : end);
    } else if (source.startsWith("/*", at)) take("comment", source.indexOf("*/", at) + 2);
    else if (c === '"' || c === "'") {
      let end = at + 1;
      while (source[end] !== c) end += source[end] === "\\" ? 2 : 1;
      take("string", end + 1, at + 1, end);
      valueBefore = true;
    } else if (c === "`") template(at + 1);
    else if (c === "}" && braces.pop()) template(at + 1);
    else if (c === "/" && !valueBefore && match(regex) !== undefined) {
      take("regex", at + match(regex)!.length);
      valueBefore = true;
    } else if (match(name) !== undefined) {
      const word = match(name)!;
      take("identifier", at + word.length);
      valueBefore = !beforeValue.test(word);
      condition = /^(if|while|for|with)$/.test(word);
    } else if (match(number) !== undefined) {
      take(undefined, at + match(number)!.length);
      valueBefore = true;
    } else {
      if (c === "{") braces.push(false);
      if (c === "(") parentheses.push(condition);
      if (c === ")") valueBefore = !parentheses.pop();
      else if (!/\s/.test(c)) valueBefore = /[\]}]/.test(c);
      if (!/\s/.test(c)) condition = false;
      take(undefined, at + 1);
    }
  }
  return found;
}
