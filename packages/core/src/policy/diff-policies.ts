import { canonicalJson } from "../json/canonical-json.ts";
import type { Policy } from "./policy.ts";
import { basisPath, type PurposeTerm, purposeTerms } from "./purpose-terms.ts";

/** One thing that differs between two versions of a policy. */
export interface PolicyChange {
  readonly kind: "added" | "changed" | "removed";
  /** Where, ids in place of positions: `purposes.delivery.categories.phone`, `recipients.courier`. */
  readonly path: string;
  /** The purposes it touches, in the order of the policy. */
  readonly purposes: readonly string[];
  readonly effect: PolicyChangeEffect;
  /** The clauses behind the effect. */
  readonly obligations: readonly string[];
}

/**
 * `ask-again`: consents to the purposes no longer count. `inform`: they stand, and the subjects are told. `none`: nothing
 * the subjects were told has changed.
 */
export type PolicyChangeEffect = "ask-again" | "inform" | "none";

/**
 * Tells what a new version of a policy changes, and what each change asks for. The version itself and the id are no
 * change, an empty table is none; whatever else differs gives at least one.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` when a policy holds anything that is not JSON.
 * @see PIPL-14, PIPL-17, PIPL-23, REG-22
 */
export function diffPolicies(before: Policy, after: Policy): readonly PolicyChange[] {
  const found = [...new Set([...purposeIds(before), ...purposeIds(after)])].flatMap((id) =>
    purposeChanges(before, after, id),
  );
  return [...merged(found), ...untoldChanges(before, after, found)];
}

/** Whether a consent to the purpose under the earlier policy no longer counts under the later one. */
export function asksAgain(before: Policy, after: Policy, purpose: string): boolean {
  return purposeChanges(before, after, purpose).some(({ effect }) => effect === "ask-again");
}

/** A change with the place of the policy it stands at, which may be another than where it is reported. */
interface FoundChange extends PolicyChange {
  readonly at: string;
  /** Set when the same is told as before: what is told elsewhere has made it ask again. */
  readonly untold?: true;
}

function purposeChanges(before: Policy, after: Policy, id: string): readonly FoundChange[] {
  const path = `purposes.${id}`;
  const whole = { at: path, path, purposes: [id] };
  if (!Object.hasOwn(after.purposes, id)) return [{ ...whole, kind: "removed", ...INFORM }];
  if (!Object.hasOwn(before.purposes, id)) {
    // Requirement PIPL-14: a new purpose is consented to, where it rests on consent.
    const asks = after.purposes[id]?.basis === "consent";
    const effect = { effect: "ask-again", obligations: ["PIPL-14", "REG-22"] } as const;
    return [{ ...whole, kind: "added", ...(asks ? effect : INFORM) }];
  }
  return termChanges(before, after, id);
}

function termChanges(before: Policy, after: Policy, id: string): readonly FoundChange[] {
  const languages = after.languages.filter((language) => before.languages.includes(language));
  const earlier = termTable(purposeTerms(before, id, languages));
  const later = termTable(purposeTerms(after, id, languages));
  const consented = [before, after].every(({ purposes }) => purposes[id]?.basis === "consent");
  const added = [...later.values()].flatMap((term): FoundChange | readonly FoundChange[] => {
    const was = earlier.get(term.path);
    const asks = (consented || term.path === basisPath(id)) && widens(was, term);
    const untold = was !== undefined && isSame(was.tells, term.tells);
    if (!asks && untold) return [];
    return {
      kind: was === undefined ? "added" : "changed",
      at: term.path,
      path: was === undefined ? (term.member ?? term.path) : term.path,
      purposes: [id],
      ...(untold && { untold }),
      ...(asks ? { effect: "ask-again", obligations: term.obligations } : INFORM),
    };
  });
  const removed = [...earlier.values()]
    .filter(({ path }) => !later.has(path))
    .map(({ path, member = path }): FoundChange => {
      return { kind: "removed", at: path, path: member, purposes: [id], ...INFORM };
    });
  const all = [...added, ...removed];
  return all.filter((change) => !all.some((whole) => isPart(change, whole)));
}

/** Whether a change goes without saying beside that of the whole. */
function isPart({ path, untold }: FoundChange, whole: FoundChange): boolean {
  return path.startsWith(`${whole.path}.`) && (whole.kind !== "changed" || untold === true);
}

/** What has changed of a notice is told. */
const INFORM = { effect: "inform", obligations: ["PIPL-17"] } as const;

/** Whether the later term takes more than a consent to the earlier one gave. */
function widens(earlier: PurposeTerm | undefined, { binds }: PurposeTerm): boolean {
  if (binds === undefined) return false;
  const bound = earlier?.binds;
  if (bound === undefined) return true;
  return typeof bound === "number" && typeof binds === "number"
    ? binds > bound
    : !isSame(bound, binds);
}

/** What differs without any subject having been told of it: platforms, keys of their guides, the order of lists … */
function untoldChanges(
  before: Policy,
  after: Policy,
  told: readonly FoundChange[],
): readonly PolicyChange[] {
  const [earlier, later] = [parts(before), parts(after)];
  const covered = (part: string): boolean =>
    told.some(({ at, path }) => [at, path].some((of) => of === part || of.startsWith(`${part}.`)));
  return [...new Set([...earlier.keys(), ...later.keys()])]
    .filter((path) => !isSame(earlier.get(path) ?? null, later.get(path) ?? null) && !covered(path))
    .map((path) => ({
      kind: !earlier.has(path) ? "added" : later.has(path) ? "changed" : "removed",
      path,
      purposes: [],
      effect: "none",
      obligations: [],
    }));
}

/** The policy in the parts that changes are reported of; an entry of a table is a part. */
function parts(policy: Policy): ReadonlyMap<string, unknown> {
  const { id: _id, version: _version, ...members } = policy;
  const { categories, recipients, purposes, sdks = {}, holds = {}, ...rest } = members;
  const tables = { categories, recipients, purposes, sdks, holds };
  return new Map<string, unknown>([
    ...Object.entries(rest),
    ...Object.entries(tables).flatMap(([table, entries]) =>
      Object.entries(entries).map(([id, value]) => [`${table}.${id}`, value] as const),
    ),
  ]);
}

/** The same change of several purposes, as one. */
function merged(changes: readonly FoundChange[]): readonly PolicyChange[] {
  const table = new Map<string, PolicyChange>();
  for (const { at: _at, untold: _untold, ...change } of changes) {
    const key = `${change.kind} ${change.effect} ${change.path}`;
    const purposes = [...(table.get(key)?.purposes ?? []), ...change.purposes];
    table.set(key, { ...change, purposes });
  }
  return [...table.values()];
}

function termTable(terms: readonly PurposeTerm[]): ReadonlyMap<string, PurposeTerm> {
  return new Map(terms.map((term) => [term.path, term]));
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function purposeIds({ purposes }: Policy): readonly string[] {
  return Object.keys(purposes);
}
