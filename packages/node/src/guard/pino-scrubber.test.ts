import { Writable } from "node:stream";
import { createGuard } from "@miniprivacy/core/sensitive-data";
import pino from "pino";
import { describe, expect, it } from "vitest";
import { pinoScrubber } from "./pino-scrubber.ts";

/** Made up: the sample number of GB 11643, and the card every payment service tests with. */
const ID = "11010519491231002X";
const CARD = "4111111111111111";
const FLU = "made-up influenza";

/** A logger, and what has arrived where it writes. */
function open(options: pino.LoggerOptions = {}) {
  const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
  let written = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  const log = pino({ ...pinoScrubber(guard), ...options }, stream);
  return {
    log,
    written: () => written,
    lines: () =>
      written
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as { readonly [key: string]: unknown }),
  };
}

/** Whether anything of the made-up data is left in a text. */
const leaked = (text: string): boolean =>
  [ID, CARD, FLU, ID.slice(1, -1), CARD.slice(0, 12)].some((value) => text.includes(value));

function failure(): Error {
  const cause = new TypeError(`no card ${CARD}`, { cause: new Error(`of ${ID}`) });
  return Object.assign(new Error(`cannot pay for ${ID}`, { cause }), { diagnosis: FLU });
}

const CALLS: readonly (readonly [what: string, (log: pino.Logger) => void])[] = [
  ["a message", (log) => log.info(`paid by ${ID}`)],
  ["%s", (log) => log.info("paid by %s with %s", ID, CARD)],
  ["a value cut by the format", (log) => log.info("%s%s", ID.slice(0, 9), ID.slice(9))],
  ["%d", (log) => log.info("paid with %d", Number(CARD))],
  ["%o", (log) => log.info("order %o", { id: 7, patient: { diagnosis: FLU }, note: ID })],
  ["%j of an error", (log) => log.info("failed %j", failure())],
  ["%s of an error", (log) => log.info("failed %s", failure())],
  ["a format after an object", (log) => log.info({ a: 1 }, "order %o", { diagnosis: FLU })],
  ["an object for a message", (log) => log.info({ a: 1 }, { diagnosis: FLU } as never)],
  ["a merged object", (log) => log.info({ order: { items: [{ note: `for ${ID}` }] } }, "sent")],
  ["a field's name", (log) => log.info({ order: { patient: { diagnosis: FLU } } }, "sent")],
  ["a key", (log) => log.info({ order: { [ID]: 1 } }, "sent")],
  ["JSON in a text", (log) => log.info({ body: JSON.stringify({ diagnosis: FLU }) }, "sent")],
  ["a number", (log) => log.info({ paidWith: Number(CARD) }, "sent")],
  ["a number past 2^53", (log) => log.info({ paidWith: 6222020200001234566n }, "sent")],
  ["a child's bindings", (log) => log.child({ member: ID, diagnosis: FLU }).info("sent")],
  ["bindings set later", (log) => (log.setBindings({ member: ID }), log.info("sent"))],
  [
    "a binding that is written over",
    (log) => log.child({ member: ID }).info({ member: "m-1" }, "sent"),
  ],
  ["a child's serializer", (log) => serialized(log).info({ order: 1 }, "sent")],
  ["a prefix", (log) => log.child({}, { msgPrefix: `[${ID}] ` }).info("sent")],
  ["an error first", (log) => log.error(failure())],
  ["an error first, with a message", (log) => log.error(failure(), "failed")],
  ["an error as err", (log) => log.error({ err: failure() }, "failed")],
  ["an error beside others", (log) => log.error({ errors: [failure()], first: failure() }, "x")],
  ["a cause that is text", (log) => log.error(new Error("failed", { cause: ID }))],
  ["several errors in one", (log) => log.error(new AggregateError([failure()], "failed"))],
  ["a circle", (log) => log.info(circle(), "sent")],
];

function serialized(log: pino.Logger): pino.Logger {
  return log.child({}, { serializers: { order: () => ({ note: ID, diagnosis: FLU }) } });
}

function circle(): object {
  const order: { note: string; self?: unknown } = { note: ID };
  order.self = order;
  return order;
}

describe("pinoScrubber", () => {
  it.each(CALLS)("WX-4.4.6c: nothing sensitive is written of %s", (_what, call) => {
    const { log, written, lines } = open();
    call(log);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ level: expect.any(Number) as number });
    expect(written()).not.toContain("[unread]");
    expect(leaked(written())).toBe(false);
  });

  it("WX-4.4.6c: what a mixin or a formatter adds is masked too", () => {
    const { log, written } = open({
      mixin: () => ({ member: ID }),
      formatters: { log: (object) => ({ ...object, diagnosis: FLU }) },
      base: { host: CARD },
      msgPrefix: `${ID} `,
    });
    log.info("sent");
    expect(leaked(written())).toBe(false);
  });

  it("leaves a clean line as it was, to the last digit", () => {
    const { log, written } = open({ base: null, timestamp: false });
    log.info({ at: 1700000000123456789n, big: 1e21, name: "é\u2028", n: -0.5 }, "sent to %s", "a");
    expect(written()).toBe(
      '{"level":30,"at":1700000000123456789,"big":1e+21,"name":"é\u2028","n":-0.5,"msg":"sent to a"}\n',
    );
  });

  it("keeps the end of a line, and an error's message beside what it hides", () => {
    const { log, written, lines } = open({ crlf: true });
    log.error(new Error(`no order of ${ID}, try again`));
    expect(written().endsWith("}\r\n")).toBe(true);
    const [line] = lines() as [
      { err: { message: string; stack: string; type: string }; msg: string },
    ];
    expect(line.err.type).toBe("Error");
    expect(line.err.message).toMatch(/^no order of .*, try again$/);
    expect(line.err.stack).toContain("pino-scrubber.test.ts");
    expect(line.msg).toBe(line.err.message);
  });

  it("reads the message under the key it is given", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    let written = "";
    const stream = { write: (line: string) => void (written += line) };
    pino(pinoScrubber(guard, { messageKey: "message" }), stream).info(`sent to ${ID}`);
    expect((JSON.parse(written) as { message: string }).message).toMatch(/^sent to /);
    expect(leaked(written)).toBe(false);
  });

  it.each(["block", "redact", "report"] as const)("masks and never throws in mode %s", (mode) => {
    const { streamWrite } = pinoScrubber(createGuard({ profile: "cn-current", mode })).hooks;
    expect(leaked(streamWrite(`{"msg":"card ${CARD}"}\n`))).toBe(false);
  });

  it("writes that a line was not read, and when, in place of what it cannot look through", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const broken = {
      ...guard,
      redact: () => {
        throw new Error(ID);
      },
    };
    const { streamWrite } = pinoScrubber(broken).hooks;
    expect(streamWrite(`{"level":30,"time":1764000000000,"pid":1,"msg":"${ID}"}\n`)).toBe(
      '{"level":30,"time":1764000000000,"msg":"[unread]"}\n',
    );
    expect(pinoScrubber(guard).hooks.streamWrite(`{"level":30,${ID}`)).toBe(
      '{"level":30,"msg":"[unread]"}',
    );
  });

  it("refuses a pino that would not call it", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const { logMethod } = pinoScrubber(guard).hooks;
    for (const logger of [{}, { version: "9.3.2" }, { version: "8.21.0" }])
      expect(() => logMethod.call(logger, ["x"], () => {})).toThrow(TypeError);
    expect(() => logMethod.call({ version: "9.4.0" }, ["x"], () => {})).not.toThrow();
  });
});
