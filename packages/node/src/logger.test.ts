import { PrivacyError } from "@miniprivacy/core/errors";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { faultFields } from "./logger.ts";

const MARK = "13987650000";
const frameLike = `    at ${MARK} (/home/${MARK}.ts:1:1)`;

function thrown(make: () => unknown): unknown {
  try {
    throw make();
  } catch (error) {
    return error;
  }
}

describe("faultFields", () => {
  it("says kind, constraint, cause and place of a database's fault, and nothing of the row", () => {
    const fault = Object.assign(new pg.DatabaseError(`Key (phone)=(${MARK})`, 1, "error"), {
      code: "23505",
      constraint: "order_phone_key",
      detail: `Key (phone)=(${MARK}) already exists.`,
      where: MARK,
    });
    const fields = faultFields(new PrivacyError("ERR_STORE_UNAVAILABLE", { cause: fault }));
    expect(fields["fault"]).toBe("PrivacyError ERR_STORE_UNAVAILABLE < error 23505");
    expect(fields["at"]).toContain("logger.test.ts:");
    expect(faultFields(fault)).toMatchObject({
      fault: "error 23505",
      constraint: "order_phone_key",
    });
    expect(JSON.stringify([fields, faultFields(fault)])).not.toContain(MARK);
  });

  it.each([
    ["a message of several lines", () => new Error(`bad\n${frameLike}\n${frameLike}`)],
    ["a message that is one line of a stack", () => new Error(frameLike)],
    ["an empty message", () => new Error("")],
    ["a changed message", () => Object.assign(new Error(`x\n${frameLike}`), { message: "other" })],
    ["a stack of its own", () => Object.assign(new Error("x"), { stack: frameLike })],
    ["a stack that is none", () => Object.assign(new Error("x"), { stack: { MARK } })],
    ["a telling code", () => Object.assign(new Error("x"), { code: MARK })],
    ["a telling name", () => Object.assign(new Error("x"), { name: `Error of ${MARK}` })],
    ["a telling constraint", () => Object.assign(new Error("x"), { constraint: MARK })],
    ["a telling cause", () => new Error("x", { cause: new TypeError(MARK, { cause: MARK }) })],
    [
      "a cause that is itself",
      () => {
        const error: Error = new Error(MARK);
        return Object.assign(error, { cause: error });
      },
    ],
    ["a text", () => MARK],
    ["an object", () => ({ message: MARK, stack: frameLike })],
    ["nothing", () => undefined],
    [
      "an error that throws when read",
      () =>
        Object.defineProperty(new Error("x"), "stack", {
          get() {
            throw new Error(MARK);
          },
        }),
    ],
  ])("keeps %s out", (_name, make) => {
    const fields = faultFields(thrown(make));
    expect(typeof fields["fault"]).toBe("string");
    expect(JSON.stringify(fields)).not.toContain(MARK);
  });

  it("names the place of an ordinary fault", () => {
    for (const make of [
      () => new Error(""),
      () => new TypeError("x\ny"),
      () => new Error(frameLike),
    ])
      expect(faultFields(thrown(make))["at"]).toMatch(/^at .*logger\.test\.ts:\d+:\d+/);
  });
});
