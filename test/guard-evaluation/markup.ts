import {
  EVALUATED_TYPES,
  type EvaluatedType,
  type JsonValue,
  type PayloadCase,
  type PayloadLabel,
  type TextCase,
  type TextLabel,
} from "./case.ts";
import { complete } from "./check-digit.ts";

/*
 * Texts are written with their labels in them:
 *   ⟦phone:13912345678⟧      a value with its type
 *   ⟦phone|tw-id:…⟧          the second type is as right
 *   ⟦?ip-address:10.0.0.8⟧   people may differ
 *   ⟪imei:…⟫                 no label: the type only says how its check digit is made
 * In a value, ✓ stands for the check digit that is right there and ✗ for one that is wrong.
 */
const MARK = /⟦(\??)([a-z|-]+):([^⟧]*)⟧|⟪([a-z-]+):([^⟫]*)⟫/gu;
const EVALUATED: ReadonlySet<string> = new Set(EVALUATED_TYPES);

export function markedText(id: string, origin: TextCase["origin"], marked: string): TextCase {
  const labels: TextLabel[] = [];
  let content = "";
  let end = 0;
  for (const match of marked.matchAll(MARK)) {
    content += marked.slice(end, match.index);
    end = match.index + match[0].length;
    const [type, ...also] = (match[2] ?? match[4]!).split("|").map(evaluatedType);
    const value = complete(type!, match[3] ?? match[5]!);
    const start = content.length;
    content += value;
    if (match[2] === undefined) continue;
    const optional = match[1] === "?";
    labels.push({
      type: type!,
      start,
      end: content.length,
      ...(also.length > 0 && { also }),
      ...(optional && { optional }),
    });
  }
  content += marked.slice(end);
  if (/[⟦⟧⟪⟫✓✗]/u.test(content)) throw new Error(`${id}: a mark is not closed`);
  return { id, language: languageOf(content), kind: "text", content, labels, origin };
}

/**
 * A payload with its labels, each `type path` or `field category path`: keys of a path are joined by `/`, alternatives
 * by `|`, and a leading `?` says that people may differ. Strings in the payload may hold ⟪…⟫.
 */
export function markedPayload(
  id: string,
  origin: PayloadCase["origin"],
  payload: JsonValue,
  labels: readonly string[],
): PayloadCase {
  const content = unmarked(payload);
  return {
    id,
    language: languageOf(JSON.stringify(content)),
    kind: "payload",
    content,
    labels: labels.map((label) => parsePayloadLabel(id, content, label)),
    origin,
  };
}

function parsePayloadLabel(id: string, content: JsonValue, written: string): PayloadLabel {
  const optional = written.startsWith("?");
  const words = written.slice(optional ? 1 : 0).split(" ");
  const [type, ...also] = words[0]!.split("|").map(evaluatedType);
  const categories = words.length > 2 ? words[1]!.split("|") : undefined;
  const path = words
    .slice(categories ? 2 : 1)
    .join(" ")
    .split("/");
  let at: unknown = content;
  for (const key of path) at = (at as Record<string, unknown> | undefined)?.[key];
  if (at === undefined) throw new Error(`${id}: nothing is at ${written}`);
  if (type === "field" && !categories) throw new Error(`${id}: ${written} names no category`);
  return {
    type: type!,
    path,
    ...(categories && { categories }),
    ...(also.length > 0 && { also }),
    ...(optional && { optional }),
  };
}

function unmarked(value: JsonValue): JsonValue {
  if (typeof value === "string") return markedText("", "written", value).content;
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unmarked(member)]));
}

function evaluatedType(name: string): EvaluatedType {
  if (!EVALUATED.has(name)) throw new Error(`${name} is no type of the set`);
  return name as EvaluatedType;
}

function languageOf(content: string): TextCase["language"] {
  const chinese = /\p{Script=Han}/u.test(content);
  const english = /[a-z]{3}/iu.test(content);
  return chinese ? (english ? "mixed" : "zh") : "en";
}
