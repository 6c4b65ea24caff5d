import { DATA_CATEGORIES, type DataCategoryId } from "./sensitive-category.ts";

/** Which lists count: the union for TCMPP (its own definition could not be read), Chinese, European or Californian law. */
export type SensitiveProfile =
  | "tcmpp-strict"
  | "cn-current"
  | "cn-conservative"
  | "eu-gdpr"
  | "us-ca";

/** A profile with changes: the contract that applies may define what is sensitive itself. */
export interface ProfileOverlay {
  readonly extend: SensitiveProfile;
  /** Categories to stop, to tell of, that the profile does not, or only tells of. */
  readonly block?: readonly DataCategoryId[];
  readonly report?: readonly DataCategoryId[];
  /** Categories that pass until a day, and why: for the record of who looks after the guard. */
  readonly allow?: {
    readonly [Id in DataCategoryId]?: {
      readonly reason: string;
      /** The last day, as `2027-06-30`, to its end in UTC. */
      readonly until: string;
    };
  };
}

export type ProfileChoice = SensitiveProfile | ProfileOverlay;

/** What a guard does about a category: nothing, tell, or stop. */
export type CategoryAction = "ignore" | "report" | "block";

export type ActionOf = (category: DataCategoryId) => CategoryAction;

/** The letter of each profile in the table of categories. */
const LETTERS: { readonly [Profile in SensitiveProfile]: string } = {
  "tcmpp-strict": "t",
  "cn-current": "n",
  "cn-conservative": "c",
  "eu-gdpr": "e",
  "us-ca": "u",
};

/**
 * What a profile says of one category.
 *
 * @param now milliseconds since 1970; without it no allowance counts
 */
export function categoryAction(
  profile: ProfileChoice,
  category: DataCategoryId,
  now?: number,
): CategoryAction {
  if (typeof profile === "string") {
    const [listed] = DATA_CATEGORIES[category];
    if (listed.includes(LETTERS[profile].toUpperCase())) return "block";
    return listed.includes(LETTERS[profile]) ? "report" : "ignore";
  }
  const { extend, allow, block, report } = profile;
  const until = allow?.[category]?.until;
  if (until !== undefined && now !== undefined && now <= Date.parse(`${until}T23:59:59.999Z`))
    return "ignore";
  if (block?.includes(category) === true) return "block";
  return report?.includes(category) === true ? "report" : categoryAction(extend, category);
}

/** The actions of a profile, each worked out once. */
export function actionsOf(profile: ProfileChoice, now?: number): ActionOf {
  const actions = new Map<DataCategoryId, CategoryAction>();
  return (category) => {
    const known = actions.get(category);
    if (known !== undefined) return known;
    const action = categoryAction(profile, category, now);
    actions.set(category, action);
    return action;
  };
}

/**
 * Refuses a profile that is none, so that a misspelt category never weakens a guard.
 *
 * @throws TypeError
 */
export function requireProfile(profile: ProfileChoice): void {
  const overlay: ProfileOverlay = typeof profile === "string" ? { extend: profile } : profile;
  if (!Object.keys(LETTERS).includes(overlay.extend)) throw new TypeError("unknown profile");
  const allowed = Object.entries(overlay.allow ?? {});
  for (const id of [
    ...(overlay.block ?? []),
    ...(overlay.report ?? []),
    ...allowed.map(([key]) => key),
  ])
    if (!Object.keys(DATA_CATEGORIES).includes(id)) throw new TypeError("unknown category");
  for (const [, { reason, until }] of allowed)
    if (typeof reason !== "string" || reason.trim() === "" || !isDay(until))
      throw new TypeError("an allowance needs a reason and a last day");
}

function isDay(until: string): boolean {
  const moment = Date.parse(`${until}T00:00:00.000Z`);
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(until);
}
