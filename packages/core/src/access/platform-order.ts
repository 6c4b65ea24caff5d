import type { CollectedIn, DataSource } from "../policy/policy.ts";

/** What an order closes: everything of the tenant, or whatever has all the members it names. */
export type OrderScope =
  | "tenant"
  | {
      readonly category?: string;
      readonly purpose?: string;
      readonly source?: DataSource;
      readonly collectedIn?: CollectedIn;
    };

/**
 * A platform's demand to stop using data, until it is lifted.
 *
 * @see WX-4.7a, WX-4.10b
 */
export interface PlatformOrder {
  readonly id: string;
  readonly closes: OrderScope;
}

/** One category as it is used: which, and what the platform's terms ask of where it comes from. */
export interface ClosableUse {
  readonly category: string;
  readonly source: DataSource;
  readonly collectedIn: CollectedIn;
}

/** The first order that closes one of the uses of a purpose; one without categories falls to orders that name none. */
export function closingOrder(
  orders: readonly PlatformOrder[],
  purpose: string,
  uses: readonly ClosableUse[],
): PlatformOrder | undefined {
  return orders.find(({ closes }) => {
    if (closes === "tenant") return true;
    if (closes.purpose !== undefined && closes.purpose !== purpose) return false;
    if (
      closes.category === undefined &&
      closes.source === undefined &&
      closes.collectedIn === undefined
    )
      return true;
    return uses.some(
      ({ category, source, collectedIn }) =>
        (closes.category ?? category) === category &&
        (closes.source ?? source) === source &&
        (closes.collectedIn ?? collectedIn) === collectedIn,
    );
  });
}
