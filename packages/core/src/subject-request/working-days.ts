/** What a country has changed of its weeks. */
export interface WorkingCalendar {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Years that are known; in others only weekends are free, so that no date comes out too late. */
  readonly years: {
    readonly [Year in string]?: {
      /** Weekdays that are free, and days of a weekend that are worked instead, as `MM-DD`. */
      readonly free: readonly string[];
      readonly worked: readonly string[];
    };
  };
  /** How well it is known: read in a secondary source (V2). */
  readonly mark: "V2";
}

/** Holidays and the days that are worked for them. @see State Council of China, notices on the holidays of 2025 and 2026 */
export const CN_CALENDAR: WorkingCalendar = {
  country: "CN",
  years: {
    2025: {
      free: "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08".split(
        " ",
      ),
      worked: "01-26 02-08 04-27 09-28 10-11".split(" "),
    },
    2026: {
      free: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07".split(
        " ",
      ),
      worked: "01-04 02-14 02-28 05-09 09-20 10-10".split(" "),
    },
  },
  mark: "V2",
};

/** Whether a day is worked; without a calendar Monday to Friday are. @param day Days since 1970-01-01. */
export function isWorkingDay(day: number, calendar?: WorkingCalendar): boolean {
  const written = new Date(day * DAY_MS).toISOString();
  const date = written.slice(5, 10);
  const changed = calendar?.years[written.slice(0, 4)];
  if (changed?.worked.includes(date) === true) return true;
  // 1970-01-01 was a Thursday.
  const weekday = (day + 4) % 7;
  return weekday !== 0 && weekday !== 6 && changed?.free.includes(date) !== true;
}

export const DAY_MS = 86_400_000;
