import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT, sourceFiles } from "../requirements/mentions.ts";

/** One change of one source file: what stands under a `// Requirement ID:` comment, turned into its opposite. */
export interface Mutant {
  readonly ids: readonly string[];
  /** Path in the repository. */
  readonly file: string;
  readonly line: number;
  /** Characters from `start` up to `end` are replaced by `text`. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const MARK = /^[ \t]*\/\/ Requirement ([A-Z][\w.-]*(?:, [A-Z][\w.-]*)*):/gm;
const DECIDING_METHODS = ["filter", "find", "findLast", "some", "every", "includes", "has"];
const DECIDING_OPERATORS: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
];

/** The mutants of all packages; a comment with nothing below it that can be inverted gives none. */
export function findMutants(): readonly Mutant[] {
  return sourceFiles().flatMap(mutantsOf);
}

function mutantsOf(file: string): readonly Mutant[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return [...text.matchAll(MARK)].flatMap((mark) => {
    const [marked, ...following] = nodesAfter(source, mark.index + mark[0].length);
    const change = marked && (invert(marked) ?? leaveOut(marked) ?? firstOf(following, invert));
    const line = source.getLineAndCharacterOfPosition(mark.index).line + 1;
    return change === undefined ? [] : [{ ids: mark[1]!.split(", "), file, line, ...change }];
  });
}

type Change = Pick<Mutant, "start" | "end" | "text">;

/** The statement, element or property that a comment stands above, and those that follow it in the same place. */
function nodesAfter(source: ts.SourceFile, position: number): readonly ts.Node[] {
  const next = (parent: ts.Node): readonly ts.Node[] => {
    const children = parent.getChildren(source);
    const within = children.find((child) => child.pos <= position && position < child.getStart());
    if (within !== undefined && within.kind !== ts.SyntaxKind.SyntaxList)
      return children.slice(children.indexOf(within));
    const around = children.find((child) => child.pos <= position && position < child.end);
    return around === undefined ? [] : next(around);
  };
  return next(source);
}

function firstOf<Value>(
  nodes: readonly ts.Node[],
  find: (node: ts.Node) => Value | undefined,
): Value | undefined {
  for (const node of nodes) {
    const found = find(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Negates the first condition in a node. */
function invert(node: ts.Node): Change | undefined {
  const condition = conditionOf(node);
  if (condition === undefined) return firstOf(node.getChildren(), invert);
  return {
    start: condition.getStart(),
    end: condition.end,
    text: `!(${condition.getText()})`,
  };
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  if (ts.isBinaryExpression(node) && DECIDING_OPERATORS.includes(node.operatorToken.kind))
    return node;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return node;
  return ts.isCallExpression(node) ? decidingCallback(node) : undefined;
}

/** `rows.filter((row) => condition)`: the condition. */
function decidingCallback({ expression, arguments: [callback] }: ts.CallExpression) {
  const method = ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
  return DECIDING_METHODS.includes(method) &&
    callback !== undefined &&
    ts.isArrowFunction(callback) &&
    !ts.isBlock(callback.body)
    ? callback.body
    : undefined;
}

/** Where a list or an object says it: its part goes. */
function leaveOut(node: ts.Node): Change | undefined {
  const isPart =
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isSpreadElement(node) ||
    (ts.isObjectLiteralExpression(node) && ts.isArrayLiteralExpression(node.parent));
  if (!isPart) return undefined;
  const comma = /^\s*,/.exec(node.getSourceFile().text.slice(node.end))?.[0].length ?? 0;
  return { start: node.getStart(), end: node.end + comma, text: "" };
}
