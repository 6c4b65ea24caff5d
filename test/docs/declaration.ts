import { readFileSync } from "node:fs";
import ts from "typescript";

/** What a declaration file says of one name. */
export interface Declaration {
  readonly isType: boolean;
  /** As a declaration file has it, without its comment. */
  readonly code: string;
  readonly comment: string;
  readonly tags: readonly { readonly tag: string; readonly text: string }[];
}

/** What a file re-exports by name, and from where. */
export function namedExports(
  path: string,
): readonly { readonly name: string; readonly from: string }[] {
  return parse(path).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return [];
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause))
      throw new Error(`${path} exports without names`);
    const from = (statement.moduleSpecifier as ts.StringLiteral).text;
    return statement.exportClause.elements.map(({ name }) => ({ name: name.text, from }));
  });
}

/** Every declaration of a name in a file, overloads included. */
export function findDeclaration(path: string, name: string): Declaration {
  const file = declarationFile(path);
  const found = file.statements.filter((statement) => declaredNames(statement).includes(name));
  if (found.length === 0) throw new Error(`${path} declares no ${name}`);
  const documented = found.find((node) => ts.getJSDocCommentsAndTags(node).length > 0) ?? found[0]!;
  const [doc] = ts.getJSDocCommentsAndTags(documented).filter(ts.isJSDoc);
  return {
    isType: found.every(
      (node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node),
    ),
    code: withoutLinks(
      found.map((node) => node.getText(file).replace(/^export (declare )?/, "")).join("\n"),
    ),
    comment: plainText(doc?.comment),
    tags: (doc?.tags ?? []).map((tag) => ({ tag: tag.tagName.text, text: tagText(tag) })),
  };
}

function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.Statement & { readonly name?: ts.Identifier };
  return name === undefined ? [] : [name.text];
}

function tagText(tag: ts.JSDocTag): string {
  const text = plainText(tag.comment);
  if (ts.isJSDocParameterTag(tag)) return `\`${tag.name.getText()}\`: ${text}`;
  // `@see https://…` and `@throws RangeError …` are read as a name and a comment.
  if (ts.isJSDocSeeTag(tag) || ts.isJSDocThrowsTag(tag))
    return withoutLinks(
      tag
        .getText()
        .replace(/^@\w+\s+/, "")
        .replaceAll(/\s*\n\s*\*\s?/g, "\n"),
    );
  return text;
}

function plainText(comment: ts.JSDocTag["comment"]): string {
  return withoutLinks(ts.getTextOfJSDocComment(comment) ?? "");
}

function withoutLinks(text: string): string {
  return text.replaceAll(/\{@link ([^}]+)\}/g, "`$1`").trim();
}

const declarationFiles = new Map<string, ts.SourceFile>();

/** Types are written out in the sources, so that no checker is needed to declare a file. */
function declarationFile(path: string): ts.SourceFile {
  const known = declarationFiles.get(path);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileDeclaration(readFileSync(path, "utf8"), { fileName: path });
  const file = parse(path, outputText);
  declarationFiles.set(path, file);
  return file;
}

function parse(path: string, text: string = readFileSync(path, "utf8")): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}
