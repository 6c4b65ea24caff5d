import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EXTENSION_REASONS,
  REFUSAL_REASONS,
  REQUEST_STATES,
  type RequestMove,
  type RequestState,
  transitionRequest,
} from "./subject-request.ts";

const MOVES: readonly RequestMove[] = [
  ...(
    [
      "check-identity",
      "accept",
      "execute",
      "restrict",
      "fulfil",
      "fulfil-partly",
      "withdraw",
      "expire",
    ] as const
  ).map((event): RequestMove => ({ event })),
  ...EXTENSION_REASONS.map((reason): RequestMove => ({ event: "extend", reason })),
  ...REFUSAL_REASONS.map((reason): RequestMove => ({ event: "refuse", reason })),
];
const CLOSED: readonly RequestState[] = ["fulfilled", "refused", "withdrawn-by-user", "expired"];

describe("transitionRequest", () => {
  it("leads an erasure from received to fulfilled", () => {
    const path: readonly RequestMove[] = [
      { event: "accept" },
      { event: "execute" },
      { event: "fulfil" },
    ];
    const end = path.reduce<RequestState>((state, move) => {
      const moved = transitionRequest(state, move);
      return moved.permitted ? moved.state : "refused";
    }, "received");
    expect(end).toBe("fulfilled");
  });

  it("never reopens a closed request, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...REQUEST_STATES),
        fc.array(fc.constantFrom(...MOVES)),
        (from, moves) => {
          let state = from;
          let closedAs: RequestState | undefined;
          for (const move of moves) {
            if (CLOSED.includes(state)) closedAs ??= state;
            const moved = transitionRequest(state, move);
            if (moved.permitted) ({ state } = moved);
            if (closedAs !== undefined) expect(state).toBe(closedAs);
          }
        },
      ),
    );
  });

  it("lets a partly fulfilled request only be completed", () => {
    const open = MOVES.filter((move) => transitionRequest("partly-fulfilled", move).permitted);
    expect(open).toEqual([{ event: "fulfil" }]);
  });

  it("PIPL-50: neither refuses nor extends without a reason that is listed", () => {
    const unreasoned: readonly unknown[] = [
      { event: "refuse" },
      { event: "refuse", reason: "complexity" },
      { event: "refuse", reason: "because" },
      { event: "extend", reason: "other" },
    ];
    for (const move of unreasoned)
      expect(transitionRequest("accepted", move as RequestMove)).toEqual({
        permitted: false,
        reason: "reason-required",
      });
    expect(transitionRequest("accepted", { event: "refuse", reason: "not-covered" })).toEqual({
      permitted: true,
      state: "refused",
    });
  });
});
