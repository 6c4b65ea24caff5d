import type { Fixture } from "../../packages/node/src/privacy.fixture.ts";
import { expect } from "vitest";

/** An erasure that a person has asked for. */
export interface AskedErasure {
  /** What she sees of it. */
  view(): Promise<ErasureView>;
}

export interface ErasureView {
  readonly state: string;
  readonly certificateId?: string;
  readonly outcomes: readonly {
    readonly store: string;
    readonly outcome: string;
    readonly countBefore: number | null;
    readonly countAfter: number | null;
  }[];
}

export async function askErasure(shop: Fixture, as: string): Promise<AskedErasure> {
  const { body, status } = await shop.call("POST", "/requests", { as, body: { kind: "erase" } });
  expect(status).toBe(201);
  const headers = { "x-request-token": body["requestToken"] as string };
  const path = `/requests/${body["id"] as string}`;
  return { view: async () => (await shop.call("GET", path, { headers })).body as never };
}

/** Waits until a store has failed, and shows that nobody is told the erasure is done. */
export async function expectFailing({ view }: AskedErasure, store: string): Promise<void> {
  const failed = async (): Promise<boolean> =>
    (await view()).outcomes.some((step) => step.store === store && step.outcome === "failed");
  await expect.poll(failed, { interval: 20 }).toBe(true);
  const shown = await view();
  expect(shown.state).toBe("executing");
  expect(shown).not.toHaveProperty("certificateId");
}

/** Every store has been read back and showed nothing, our own records too, and there is one row less than there was. */
export async function expectErased(
  { view }: AskedErasure,
  stores: readonly string[],
): Promise<void> {
  const { state, outcomes, certificateId } = await view();
  expect(state).toBe("fulfilled");
  expect(certificateId).toBeTypeOf("string");
  const erased = { outcome: "verified-absent", countBefore: 1, countAfter: 0 };
  expect(outcomes).toMatchObject(
    [...stores, "miniprivacy", "miniprivacy"].map((store) => ({ store, ...erased })),
  );
}
