const DAY_MS = 86_400_000;

/** How many working days a request may take in China by default: the tighter of the two numbers in use (secondary sources). */
export const CN_REQUEST_WORKING_DAYS = 15;

/**
 * When a request is due: the end of its last working day, Monday to Friday in the time zone given.
 *
 * Public holidays are not counted as free, so the date is never later than the rule allows.
 *
 * @param receivedAt Epoch milliseconds.
 * @param utcOffsetMinutes The zone the days are counted in, e.g. 480 for China.
 * @returns Epoch milliseconds.
 * @see PIPL-50 ("promptly"); the number is a default, not law
 */
export function requestDueAt(
  receivedAt: number,
  workingDays: number,
  utcOffsetMinutes: number,
): number {
  const offset = utcOffsetMinutes * 60_000;
  let day = Math.floor((receivedAt + offset) / DAY_MS);
  for (let left = workingDays; left > 0;) {
    day++;
    if (isWorkingDay(day)) left--;
  }
  return (day + 1) * DAY_MS - 1 - offset;
}

/** 1970-01-01 was a Thursday. */
function isWorkingDay(daysSinceEpoch: number): boolean {
  const weekday = (daysSinceEpoch + 4) % 7;
  return weekday !== 0 && weekday !== 6;
}
