import type { Policy } from "../policy/policy.ts";
import { type AccessFacts, accessFacts } from "./access-facts.ts";
import { consent, NOW } from "./access-facts.fixture.ts";
import type { AccessQuery } from "./access-query.ts";

/** A policy as large as asked for. A rule is a purpose with one of its categories. */
export interface GridSize {
  readonly purposes: number;
  readonly categories: number;
  /** Of each purpose. */
  readonly categoriesEach: number;
}

const label = { en: "x" };
const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}-${i}`);

/**
 * Where consent is the basis retention runs from it in every other purpose, and from an event in the others; a contract's
 * purposes have none: rules and nothing else, as other libraries know them.
 */
export function gridPolicy(
  { purposes, categories, categoriesEach }: GridSize,
  basis: "consent" | "contract",
): Policy {
  const ids = numbered("category", categories);
  return {
    id: "grid",
    version: "1",
    languages: ["en"],
    controller: { name: label, country: "CN", contact: { email: "privacy@shop.example" } },
    platforms: { weixin: { appId: "wx0" } },
    categories: Object.fromEntries(ids.map((id) => [id, { label, source: "subject" }])),
    recipients: {},
    purposes: Object.fromEntries(
      numbered("purpose", purposes).map((id, at) => [
        id,
        {
          label,
          text: label,
          categories: Array.from({ length: categoriesEach }, (_, i) => ids[(at + i) % categories]!),
          basis,
          necessity: "necessary",
          ...(basis === "consent" && {
            retention: {
              days: 180,
              from: at % 2 === 0 ? "consent-given" : "order-closed",
              then: "erase",
            },
          }),
        },
      ]),
    ),
  };
}

/** Queries of a thousand different orders, every one permitted; names as code has them, each string once. */
export function gridQueries(
  { purposes, categories, categoriesEach }: GridSize,
  asked: number,
): readonly AccessQuery[] {
  const [purposeIds, ids] = [numbered("purpose", purposes), numbered("category", categories)];
  const next = randomNumbers();
  return Array.from({ length: 1000 }, () => {
    const at = next(purposes);
    const first = next(categoriesEach);
    return {
      purpose: purposeIds[at]!,
      categories: Array.from(
        { length: asked },
        (_, i) => ids[(at + ((first + i) % categoriesEach)) % categories]!,
      ),
    };
  });
}

/** What is known of two subjects, who consented to everything. */
export function gridFacts({ purposes }: Policy): readonly AccessFacts[] {
  return numbered("subject", 2).map((subjectId) =>
    accessFacts({
      subjectId,
      records: Object.keys(purposes).map((id) => consent(id, "given")),
      anchors: { "order-closed": "2026-11-01T00:00:00Z" },
      freshUntil: NOW + 1,
    }),
  );
}

/** The same numbers in every run. */
function randomNumbers(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
