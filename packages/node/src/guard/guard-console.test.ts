import { Console } from "node:console";
import { Writable } from "node:stream";
import { createGuard } from "@miniprivacy/core/sensitive-data";
import { describe, expect, it } from "vitest";
import { guardConsole } from "./guard-console.ts";

/** Made up: the sample number of GB 11643, and the card every payment service tests with. */
const ID = "11010519491231002X";
const CARD = "4111111111111111";
const FLU = "made-up influenza";

/** A guarded console, the one behind it, and what has been written. */
function open(mode: "block" | "redact" | "report" = "block") {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const plain = new Console(stream, stream);
  const guard = createGuard({ profile: "tcmpp-strict", mode });
  return { plain, guarded: guardConsole(guard, plain), written: () => text };
}

const leaked = (text: string): boolean =>
  [ID, CARD, FLU, ID.slice(1, -1), CARD.slice(0, 12)].some((value) => text.includes(value));

const deep = () => ({
  order: { items: [{ note: `for ${ID}` }], paidWith: new Map([["card", CARD]]) },
  patient: { diagnosis: FLU },
});

function failure(): Error {
  return new Error(`cannot pay for ${ID}`, { cause: new TypeError("no card", { cause: CARD }) });
}

const unreadable = {
  get note(): string {
    throw new Error(ID);
  },
};

const CALLS: readonly (readonly [string, (console: Console) => void])[] = [
  ["log", (c) => c.log("sent", ID, deep())],
  ["log, with a format", (c) => c.log("for %s: %o, %d", ID, deep(), Number(CARD))],
  ["log, of an unreadable object", (c) => c.log("sent", unreadable)],
  [
    "log, of a function",
    (c) =>
      c.log(
        "sent",
        Object.assign(() => {}, { note: ID }),
      ),
  ],
  ["log, of a symbol", (c) => c.log("sent", Symbol(ID))],
  ["info", (c) => c.info(deep())],
  ["warn", (c) => c.warn([deep()])],
  ["error", (c) => c.error(failure())],
  ["error, of several errors", (c) => c.error({ first: failure(), all: [failure()] })],
  ["debug", (c) => c.debug(BigInt(CARD))],
  ["trace", (c) => c.trace(ID, deep())],
  ["dir", (c) => c.dir(deep(), { depth: null })],
  ["dirxml", (c) => c.dirxml(deep())],
  ["table", (c) => c.table([{ note: ID, diagnosis: FLU }])],
  ["assert", (c) => c.assert(false, ID, deep())],
  ["group", (c) => (c.group(ID, deep()), c.groupEnd())],
  ["groupCollapsed", (c) => (c.groupCollapsed(ID), c.groupEnd())],
  ["count", (c) => (c.count(ID), c.countReset(ID))],
  ["time", (c) => (c.time(ID), c.timeLog(ID, deep()), c.timeEnd(ID))],
];

describe("guardConsole", () => {
  it.each(CALLS)("WX-4.4.6c: nothing sensitive is written by %s", (_name, call) => {
    const { guarded, written } = open();
    call(guarded);
    expect(written()).not.toBe("");
    expect(leaked(written())).toBe(false);
  });

  it("writes what is clean as the console does", () => {
    const { plain, guarded, written } = open();
    const clean = { id: 7, at: [1, { b: null }], name: "a" };
    plain.log("order %s of %d: %o", "a", 3, clean);
    const before = written();
    guarded.log("order %s of %d: %o", "a", 3, clean);
    expect(written()).toBe(before + before);
  });

  it("shows what it hides in an error beside what it does not", () => {
    const { guarded, written } = open();
    guarded.error(failure());
    expect(written()).toContain("cannot pay for ");
    expect(written()).toContain("guard-console.test.ts");
    expect(written()).toContain("no card");
  });

  it("keeps the condition of assert and the options of dir", () => {
    const { guarded, written } = open();
    guarded.assert(ID, "not written");
    expect(written()).toBe("");
    guarded.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
    expect(written()).toContain("[Object]");
  });

  it("has the other methods, and leaves the given console as it was", () => {
    const { plain, guarded, written } = open("report");
    expect(guarded.clear).toBe(plain.clear);
    expect(guarded.groupEnd).toBe(plain.groupEnd);
    plain.log(ID);
    expect(written()).toContain(ID);
  });

  it("writes that it could not read, and does not throw", () => {
    const { plain, written } = open();
    const guard = createGuard({ profile: "tcmpp-strict", mode: "report" });
    const broken = {
      ...guard,
      redact: () => {
        throw new Error(ID);
      },
    };
    guardConsole(broken, plain).log("sent", { note: ID });
    expect(written()).toBe("[unread] [unread]\n");
  });
});
