import {
  EVALUATED_TYPES,
  type EvaluationCase,
  type PayloadCase,
  type PayloadLabel,
  type TextCase,
  type TextLabel,
} from "./case.ts";

export interface EvaluatedFinding {
  readonly type: string;
  readonly category: string;
  readonly start: number;
  readonly end: number;
  readonly path: string;
  readonly confidence: number;
}
/** What `@miniprivacy/core/sensitive-data` exports, from its source or from a bundle. */
export interface Scanners {
  scanText(text: string): readonly EvaluatedFinding[];
  scanValue(value: unknown): {
    readonly finished: boolean;
    readonly findings: readonly EvaluatedFinding[];
  };
}

export interface EvaluationRow {
  readonly type: string;
  /** Labels of the type, and how many of them were found. */
  readonly labelled: number;
  readonly found: number;
  /** Findings of the type where nothing of the type is. */
  readonly wrong: number;
  /** `found / labelled`, and `found / (found + wrong)`; 1 where there is nothing to divide by. */
  readonly recall: number;
  readonly precision: number;
}
/** A label that was not found, or a finding that has no label; the text is for the developer's eyes. */
export interface Mistake {
  readonly case: string;
  readonly type: string;
  /** `start-end` in a text, the path in a payload. */
  readonly place: string;
  readonly shown: string;
}
export interface Evaluation {
  /** In the order of the types; one that the set does not know comes last. */
  readonly rows: readonly EvaluationRow[];
  readonly misses: readonly Mistake[];
  readonly falseAlarms: readonly Mistake[];
  /** Payloads that the scanner gave up on. */
  readonly unfinished: readonly string[];
}

export function evaluate(scanners: Scanners, cases: readonly EvaluationCase[]): Evaluation {
  const labelled = new Map<string, number>();
  const misses: Mistake[] = [];
  const falseAlarms: Mistake[] = [];
  const unfinished: string[] = [];
  for (const item of cases) {
    for (const label of item.labels)
      if (!label.optional) labelled.set(label.type, (labelled.get(label.type) ?? 0) + 1);
    if (item.kind === "text") {
      const findings = scanners.scanText(item.content);
      misses.push(...textMisses(item, findings));
      falseAlarms.push(...textFalseAlarms(item, findings));
    } else {
      const { finished, findings } = scanners.scanValue(item.content);
      if (!finished) unfinished.push(item.id);
      misses.push(...payloadMisses(item, findings));
      falseAlarms.push(...payloadFalseAlarms(item, findings));
    }
  }
  const types = new Set<string>(EVALUATED_TYPES);
  for (const mistake of falseAlarms) types.add(mistake.type);
  const rows = Array.from(types, (type): EvaluationRow => {
    const expected = labelled.get(type) ?? 0;
    const found = expected - misses.filter((mistake) => mistake.type === type).length;
    const wrong = falseAlarms.filter((mistake) => mistake.type === type).length;
    return {
      type,
      labelled: expected,
      found,
      wrong,
      recall: ratio(found, expected),
      precision: ratio(found, found + wrong),
    };
  });
  return { rows, misses, falseAlarms, unfinished };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** Facts rather than values: where such a fact begins and ends, people differ. */
const FACTS: ReadonlySet<string> = new Set(["health-term", "belief-term"]);

function textMisses(item: TextCase, findings: readonly EvaluatedFinding[]): Mistake[] {
  return item.labels
    .filter((label) => !label.optional && !isCovered(label, findings))
    .map((label) => ({
      case: item.id,
      type: label.type,
      place: `${label.start}-${label.end}`,
      shown: shownAround(item.content, label.start, label.end),
    }));
}

function textFalseAlarms(item: TextCase, findings: readonly EvaluatedFinding[]): Mistake[] {
  return findings
    .filter((finding) => !isContact(finding))
    .filter((finding) => !item.labels.some((label) => isOfLabel(finding, label)))
    .map((finding) => ({
      case: item.id,
      type: finding.type,
      place: `${finding.start}-${finding.end}`,
      shown: shownAround(item.content, finding.start, finding.end),
    }));
}

/** Half of the label is in findings of its type; any of a fact. */
function isCovered(label: TextLabel, findings: readonly EvaluatedFinding[]): boolean {
  const right = findings.filter((finding) => isRightType(finding, label));
  let covered = 0;
  for (let at = label.start; at < label.end; at++)
    if (right.some(({ start, end }) => start <= at && at < end)) covered++;
  return FACTS.has(label.type) ? covered > 0 : covered * 2 >= label.end - label.start;
}

/** A second finding for the same fact is no false alarm, nor is one for a part of a value or by its name. */
function isOfLabel(finding: EvaluatedFinding, label: TextLabel): boolean {
  if (!isRightType(finding, label) && finding.type !== "field") return false;
  if (FACTS.has(finding.type)) return true;
  const overlap = Math.min(finding.end, label.end) - Math.max(finding.start, label.start);
  return overlap * 2 >= Math.min(finding.end - finding.start, label.end - label.start);
}

function payloadMisses(item: PayloadCase, findings: readonly EvaluatedFinding[]): Mistake[] {
  return item.labels
    .filter((label) => !label.optional && !findings.some((finding) => isOfMember(finding, label)))
    .map((label) => ({
      case: item.id,
      type: label.type,
      place: [label.path.join("/"), ...(label.categories ?? [])].join(" "),
      shown: JSON.stringify(item.content),
    }));
}

function payloadFalseAlarms(item: PayloadCase, findings: readonly EvaluatedFinding[]): Mistake[] {
  return findings
    .filter(
      (finding) => !item.labels.some((label) => isOfMember(finding, label)) && !isContact(finding),
    )
    .map((finding) => ({
      case: item.id,
      type: finding.type,
      place: `${finding.path} ${finding.category}`,
      shown: JSON.stringify(item.content),
    }));
}

/** A `field` is known by its name and category; what is recognised by content, by its type alone. */
function isOfMember(finding: EvaluatedFinding, label: PayloadLabel): boolean {
  if (!isRightType(finding, label)) return false;
  return finding.type !== "field" || isNamed(finding, label);
}

/** A value labelled for its content may have a name that says the same. */
function isNamed(finding: EvaluatedFinding, label: PayloadLabel): boolean {
  const categories = label.type === "field" ? label.categories : undefined;
  if (finding.type !== "field" || (categories && !categories.includes(finding.category)))
    return false;
  const keys = keysOf(finding.path);
  const key = label.path.findLast((part) => !/^\d+$/u.test(part));
  return keys.at(-1) === "*" || keys.includes(key ?? "");
}

/** Keys of a JSON path, without the indexes of lists. */
function keysOf(path: string): string[] {
  const keys: string[] = [];
  for (const match of path.matchAll(
    /\["((?:[^"\\]|\\.)*)"\]|\['([^']*)'\]|\[\*\]|\.([^.[\]]+)/gu,
  )) {
    const quoted = match[1] === undefined ? undefined : (JSON.parse(`"${match[1]}"`) as string);
    keys.push(quoted ?? match[2] ?? match[3] ?? "*");
  }
  return keys;
}

function isRightType(finding: EvaluatedFinding, label: TextLabel | PayloadLabel): boolean {
  return (
    finding.type === label.type || (label.also?.some((type) => type === finding.type) ?? false)
  );
}

/** Names and addresses are not labelled everywhere. */
function isContact(finding: EvaluatedFinding): boolean {
  return finding.type === "field" && finding.category.startsWith("contact.");
}

function shownAround(text: string, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - 24), start);
  return `${before}⟦${text.slice(start, end)}⟧${text.slice(end, end + 24)}`.replaceAll("\n", "⏎");
}
