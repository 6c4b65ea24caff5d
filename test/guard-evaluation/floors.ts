import type { EvaluationRow } from "./evaluate.ts";

interface Floor {
  readonly recall: number;
  readonly precision: number;
}
const CHECKED: Floor = { recall: 0.99, precision: 0.99 };
const FACT: Floor = { recall: 0.85, precision: 0.9 };
const OTHER: Floor = { recall: 0.95, precision: 0.95 };
const FLOORS: Readonly<Record<string, Floor>> = {
  "cn-resident-id": CHECKED,
  "bank-card": CHECKED,
  "unified-social-credit-code": CHECKED,
  vin: CHECKED,
  imei: CHECKED,
  "hk-id": CHECKED,
  "tw-id": CHECKED,
  email: CHECKED,
  phone: { recall: 0.97, precision: 0.97 },
  "health-term": FACT,
  "belief-term": FACT,
};

/** The least that a type must reach. */
export function floorOf(type: string): Floor {
  return FLOORS[type] ?? OTHER;
}

/** One line for each type that does not reach its floor. */
export function belowFloors(rows: readonly EvaluationRow[]): string[] {
  return rows.flatMap((row) => {
    const floor = floorOf(row.type);
    if (row.recall >= floor.recall && row.precision >= floor.precision) return [];
    return `${row.type}: recall ${row.recall.toFixed(3)} of ${floor.recall}, precision ${row.precision.toFixed(3)} of ${floor.precision}`;
  });
}
