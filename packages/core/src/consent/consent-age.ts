import { EEA_COUNTRIES } from "../policy/eea.ts";

/** How old a subject says to be. No birthday is asked or kept. */
export const AGE_BANDS = ["under-14", "14-17", "adult"] as const;

/** One of {@link AGE_BANDS}. */
export type AgeBand = (typeof AGE_BANDS)[number];

/** From which age somebody consents alone. */
export interface ConsentAge {
  /** ISO 3166-1 alpha-2. */
  readonly jurisdiction: string;
  readonly age: number;
  /** How well it is known: read in the text (V), in a secondary source (V2), or from own knowledge (K). */
  readonly mark: "V" | "V2" | "K";
}

/**
 * The ages that are known. A state of the European Economic Area may set 13 to 16; without its own law read, 16 holds.
 *
 * @see PIPL-31
 */
export const CONSENT_AGES: readonly ConsentAge[] = [
  { jurisdiction: "CN", age: 14, mark: "V" },
  ...EEA_COUNTRIES.map((jurisdiction): ConsentAge => ({ jurisdiction, age: 16, mark: "V2" })),
  { jurisdiction: "GB", age: 13, mark: "V2" },
  { jurisdiction: "US", age: 13, mark: "V2" },
  { jurisdiction: "IN", age: 18, mark: "V2" },
  { jurisdiction: "KR", age: 14, mark: "K" },
];

const UNKNOWN_JURISDICTION_AGE = 18;

/**
 * The age below which a guardian consents: of {@link CONSENT_AGES}, and 18 where none is known.
 *
 * @param jurisdiction ISO 3166-1 alpha-2.
 */
export function guardianAge(jurisdiction: string): number {
  return (
    CONSENT_AGES.find((row) => row.jurisdiction === jurisdiction)?.age ?? UNKNOWN_JURISDICTION_AGE
  );
}

const LOWEST_AGE: { readonly [Band in AgeBand]: number } = {
  "under-14": 0,
  "14-17": 14,
  adult: 18,
};

/** Whether somebody of the band may be younger than the age. */
export function mayBeBelow(band: AgeBand, age: number): boolean {
  return LOWEST_AGE[band] < age;
}
