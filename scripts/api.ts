import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import {
  type ArrowFunction,
  type ConstructorDeclaration,
  type ExportedDeclarations,
  type FunctionDeclaration,
  Node,
  Project,
  type SourceFile,
  type Type,
  type TypeParameterDeclaration,
  ts,
} from "ts-morph";
import { codes } from "../src/base/errors.ts";
import { writeWhole } from "../src/base/files.ts";
import { publicPaths } from "./publicPaths.ts";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");
export const apiFolder = join(root, "docs/api");

/** The public surface as it stands in the sources. */
export interface Api {
  /** Markdown of each page of docs/api, by file name. */
  readonly pages: Readonly<Record<string, string>>;
  /** What a public name lacks, one line each: a comment, an error code that exists, a public name for a type. */
  readonly faults: readonly string[];
}

/** Reads the sources of all that package.json exports. */
export function readApi(): Api {
  const project = new Project({
    tsConfigFilePath: join(root, "tsconfig.build.json"),
    skipAddingFilesFromTsConfig: true,
  });
  const files = [...publicPaths].map(([path, source]) => ({
    path,
    file: project.addSourceFileAtPath(source),
  }));
  project.resolveSourceFileDependencies();
  const rooms = files.map(({ path, file }) => ({
    path,
    about: moduleComment(file),
    names: namesOf(file),
  }));
  const known = new Set<Node>(rooms.flatMap(({ names }) => names.flatMap((one) => one.declarations)));
  const rows = rooms.map(({ path, about, names }) => {
    const [first] = about.split(/(?<=[.:;])\s/);
    return `| [\`${path}\`](${pageOf(path)}) | ${names.length} | ${first.replace(/[.:;]$/, "")} |`;
  });
  const contents = ["| import | names | |", "| --- | --- | --- |", ...rows].join("\n");
  const pages = [
    ["README.md", "# What can be imported", made, contents],
    ...rooms.map(({ path, about, names }) => [
      pageOf(path),
      `# ${path}`,
      about,
      made,
      ...names.flatMap(({ name, declarations }) => [
        `## \`${name}\``,
        `\`\`\`ts\n${declarations.map((one) => signature(name.replace(/.*\./, ""), one)).join("\n")}\n\`\`\``,
        ...declarations.map(prose).filter((text) => text !== ""),
      ]),
    ]),
  ];
  return {
    pages: Object.fromEntries(pages.map(([name, ...parts]) => [name, `${parts.join("\n\n")}\n`])),
    faults: rooms.flatMap(({ path, about, names }) => [
      ...(about === "" ? [`${path}: no comment on the module`] : []),
      ...names.flatMap(({ name, declarations }) =>
        faultsOf(declarations, known).map((fault) => `${path} ${name}: ${fault}`),
      ),
    ]),
  };
}

interface Named {
  readonly name: string;
  readonly declarations: readonly ExportedDeclarations[];
}

/** What a file exports; of a namespace its members, as `namespace.member`. */
const namesOf = (file: SourceFile): Named[] =>
  [...file.getExportedDeclarations()].flatMap(([name, all]) =>
    Node.isSourceFile(all[0])
      ? namesOf(all[0]).map((inner) => ({ ...inner, name: `${name}.${inner.name}` }))
      : [
          {
            name,
            // Of overloads the one that does the work is not seen from outside.
            declarations: all.filter(
              (one) => !(all.length > 1 && Node.isFunctionDeclaration(one) && one.hasBody()),
            ),
          },
        ],
  );

const made = "Made from the comments in the sources by `npm run api`.";
const pageOf = (path: string): string => `${path.replace("/", "-")}.md`;

/** The first comment of a file that belongs to no declaration. */
const moduleComment = (file: SourceFile): string =>
  plain(file.getFullText().match(/^\/\*\*([\s\S]*?)\*\/\n\n/)?.[1] ?? "");

/** Text of a comment without its stars, one line a paragraph. */
const plain = (comment: string): string =>
  comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .join("\n")
    .trim()
    .replaceAll(/\{@link (\w+)\}/g, "`$1`")
    .replaceAll(/(?<!\n)\n(?![\n-])/g, " ");

/** The comments above a declaration. */
function comments(declaration: Node): string[] {
  const owner = Node.isVariableDeclaration(declaration)
    ? declaration.getVariableStatementOrThrow()
    : declaration;
  return Node.isJSDocable(owner) ? owner.getJsDocs().map((doc) => doc.getFullText().slice(3, -2)) : [];
}

/** The comment in Markdown: what it does, then parameters, result and errors as a list. */
function prose(declaration: Node): string {
  const text = comments(declaration).map(plain).join("\n\n");
  const [first, ...tags] = text.split(/\s*(?=@(?:param|returns|throws)\b)/);
  const items = tags.map((tag) =>
    tag.replace(/^@param (\w+),?\s*/, "- `$1`: ").replace(/^@(returns|throws)\s*/, "- $1 "),
  );
  return [first.trim(), items.join("\n")].filter((part) => part !== "").join("\n\n");
}

/** A declaration without what it does inside. */
function signature(name: string, declaration: ExportedDeclarations): string {
  if (Node.isFunctionDeclaration(declaration)) return callOf(name, declaration, comments(declaration));
  if (Node.isVariableDeclaration(declaration)) {
    const value = declaration.getInitializer();
    return value && Node.isArrowFunction(value) && !declaration.getTypeNode()
      ? callOf(name, value, comments(declaration))
      : `const ${name}: ${byLine(declaration.getTypeNode()?.getText() ?? typeText(declaration))}`;
  }
  if (Node.isClassDeclaration(declaration)) {
    const heritage = declaration.getExtends()?.getText();
    const members = [
      ...declaration.getConstructors().map((one) => `constructor(${parametersOf(one).join(", ")})`),
      ...declaration.getProperties().map((one) => one.getText(true)),
      ...declaration
        .getGetAccessors()
        .map((one) => `${documented(one)}get ${one.getName()}(): ${resultOf(one)}`),
    ];
    return `class ${name}${heritage ? ` extends ${heritage}` : ""} ${block(members)}`;
  }
  if (Node.isInterfaceDeclaration(declaration)) {
    const heritage = declaration.getExtends().map((one) => one.getText());
    const members = declaration
      .getMembers()
      .filter((member) => !isInternal(member))
      .map((member) => member.getText(true));
    const types = typesOf(declaration);
    return `interface ${name}${types}${heritage.length > 0 ? ` extends ${heritage.join(", ")}` : ""} ${block(members)}`;
  }
  return declaration.getText().replace(/^export /, "");
}

type Callable = FunctionDeclaration | ArrowFunction;

function callOf(name: string, declaration: Callable, texts: readonly string[]): string {
  const head = `function ${name}${typesOf(declaration)}(`;
  const [parameters, tail] = [parametersOf(declaration, texts), `): ${resultOf(declaration)}`];
  const line = `${head}${parameters.join(", ")}${tail}`;
  return line.length <= widest ? line : `${head}\n${parameters.map((one) => `  ${one},\n`).join("")}${tail}`;
}

/** Characters in a line. */
const widest = 100;

/** Members between braces; they are indented as in the sources. */
const block = (members: readonly string[]): string =>
  `{\n${members.map((member) => `  ${member}\n`).join("")}}`;

/** Properties of a long object type, one a line. */
const byLine = (type: string): string =>
  type.length > widest && type.startsWith("{ ")
    ? `{\n  ${type
        .slice(2, -2)
        .replace(/;$/, "")
        .split(/; (?=readonly )/)
        .join(";\n  ")};\n}`
    : type;

const documented = (node: Node): string => comments(node).map((text) => `/**${text}*/\n  `)[0] ?? "";
const isInternal = (node: Node): boolean => comments(node).some((text) => text.includes("@internal"));

const typesOf = (node: { getTypeParameters(): TypeParameterDeclaration[] }): string => {
  const types = node.getTypeParameters().map((one) => one.getText());
  return types.length > 0 ? `<${types.join(", ")}>` : "";
};

/** Parameters as written; one that is taken apart has the name its comment gives it, or that of its type. */
function parametersOf(
  declaration: Callable | ConstructorDeclaration,
  texts: readonly string[] = [],
): string[] {
  const parameters = declaration.getParameters();
  const names = parameters.map((one) => one.getName());
  const others = [...texts.join("\n").matchAll(/@param (\w+)/g)]
    .map(([, name]) => name)
    .filter((name) => !names.includes(name));
  return parameters.map((one) => {
    const type = one.getTypeNode()?.getText() ?? typeText(one);
    const own = /^\w+$/.test(type) ? type[0].toLowerCase() + type.slice(1) : "options";
    const name = Node.isIdentifier(one.getNameNode()) ? one.getName() : (others.shift() ?? own);
    return `${one.isRestParameter() ? "..." : ""}${name}${one.isOptional() ? "?" : ""}: ${type}`;
  });
}

const resultOf = (node: Node & { getReturnTypeNode(): Node | undefined; getReturnType(): Type }): string =>
  node.getReturnTypeNode()?.getText() ?? typeText(node, node.getReturnType());

const typeText = (node: Node, type = node.getType()): string =>
  type.getText(node, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope);

/** What a public name lacks. */
function faultsOf(declarations: readonly ExportedDeclarations[], known: ReadonlySet<Node>): string[] {
  const text = declarations.flatMap(comments).join("\n");
  return [
    ...(text.trim() === "" ? ["no doc comment"] : []),
    ...[...text.matchAll(/\bE_[A-Z_]+/g)]
      .filter(([code]) => !(code in codes))
      .map(([code]) => `${code} is no error code`),
    ...[...new Set(declarations.flatMap((one) => [...namedTypes(one)]))]
      .filter((one) => !known.has(one))
      .map((one) => {
        const file = relative(src, one.getSourceFile().getFilePath());
        return `names ${one.getSymbol()?.getName()} of ${file}, which is not exported`;
      }),
  ];
}

/** The declarations in src of the types that a signature names. */
function namedTypes(declaration: Node): Set<Node> {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (Node.isBlock(node) || isInternal(node)) return;
    if (Node.isTypeReference(node) || Node.isExpressionWithTypeArguments(node)) {
      const name = Node.isTypeReference(node) ? node.getTypeName() : node.getExpression();
      const symbol = name.getSymbol();
      for (const one of (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [])
        if (one.getSourceFile().getFilePath().startsWith(src) && !Node.isTypeParameterDeclaration(one))
          found.add(one);
    }
    // A value does not show, but for the parameters of a function.
    const value = Node.isVariableDeclaration(node) ? node.getInitializer() : undefined;
    const hidden = Node.isArrowFunction(node)
      ? node.getBody()
      : Node.isArrowFunction(value)
        ? undefined
        : value;
    node.forEachChild((child) => {
      if (child !== hidden) visit(child);
    });
  };
  visit(declaration);
  return found;
}

if (import.meta.main) {
  const { pages, faults } = readApi();
  for (const [name, page] of Object.entries(pages)) await writeWhole(join(apiFolder, name), page);
  const strangers = (await readdir(apiFolder)).filter((name) => !(name in pages));
  for (const fault of [...faults, ...strangers.map((name) => `no longer made: ${name}`)]) console.warn(fault);
}
