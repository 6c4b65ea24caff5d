import { gzipSync } from "node:zlib";
import { createGuard, type Guard } from "@miniprivacy/core/sensitive-data";
import { describe, expect, it } from "vitest";
import { CANARY_KINDS } from "./canary.ts";
import {
  type Canary,
  type GuardDrill,
  type GuardedTransport,
  runGuardDrill,
} from "./guard-drill.ts";

/** Sends what it is given. */
const unguarded: GuardedTransport = ({ url, payload }) => post(url, JSON.stringify(payload));

const post = (
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers = {},
): Promise<Response> => fetch(url, { method: "POST", body, headers });

const guardIn = (mode: Guard["mode"]): Guard => createGuard({ profile: "tcmpp-strict", mode });

/** Sends what a guard lets pass. */
function guarded(mode: Guard["mode"], send: GuardedTransport = unguarded): GuardedTransport {
  const guard = guardIn(mode);
  return (canary) => {
    const { url } = canary;
    const masked = guard.redact(canary.payload as never) as unknown as Canary["payload"];
    const payload = mode === "redact" ? masked : canary.payload;
    const query = Object.fromEntries(new URL(url).searchParams);
    const verdict = guard.inspect(mode === "redact" ? query : [query, payload]);
    if (verdict.action === "block") throw new Error("stopped");
    return send({ url, payload });
  };
}

async function drill(transport: GuardedTransport, timeoutMs = 5000) {
  const { passed, transports } = await runGuardDrill({ api: transport }, { timeoutMs });
  const [{ outcome, canaries } = { outcome: undefined, canaries: [] }] = transports;
  return { passed, outcome, canaries, outcomes: new Set(canaries.map((canary) => canary.outcome)) };
}

describe("runGuardDrill", () => {
  it("WX-4.4.6b: passes a transport that stops or masks every canary, of every kind", async () => {
    const blocking = await drill(guarded("block"));
    expect(blocking).toMatchObject({ passed: true, outcome: "reached" });
    expect([...blocking.outcomes]).toEqual(["stopped"]);
    expect(new Set(blocking.canaries.map(({ kind }) => kind))).toEqual(
      new Set(CANARY_KINDS.map(({ kind }) => kind)),
    );
    const masking = await drill(guarded("redact"));
    expect(masking.canaries.filter(({ outcome }) => outcome === "arrived")).toEqual([]);
    expect(masking.passed).toBe(true);
    expect(masking.outcomes).toContain("masked");
  });

  it.each<[string, GuardedTransport]>([
    ["JSON", unguarded],
    [
      "base64",
      ({ url, payload }) => post(url, Buffer.from(JSON.stringify(payload)).toString("base64")),
    ],
    [
      "a form",
      ({ url, payload }) =>
        post(url, String(new URLSearchParams({ data: JSON.stringify(payload) }))),
    ],
    [
      "gzip",
      ({ url, payload }) =>
        post(url, gzipSync(JSON.stringify(payload)), { "content-encoding": "gzip" }),
    ],
    [
      "a header",
      ({ url, payload }) =>
        fetch(url, { headers: { x: encodeURIComponent(JSON.stringify(payload)) } }),
    ],
  ])("WX-4.4.6b: sees every canary arrive in %s", async (_how, transport) => {
    const { passed, outcomes, canaries } = await drill(transport);
    expect([passed, ...outcomes]).toEqual([false, "arrived"]);
    expect(canaries.some(({ carrier }) => carrier === "query")).toBe(true);
  });

  it("WX-4.4.6b: fails a guard that only reports, or knows one kind less", async () => {
    expect([...(await drill(guarded("report"))).outcomes]).toEqual(["arrived"]);
    const guard = guardIn("block");
    const forgetful: GuardedTransport = ({ url, payload }) => {
      const { password: _password, ...rest } = payload;
      if (guard.inspect([rest, url.split("?")[1] && decodeURIComponent(url)]).action === "block")
        throw new Error("stopped");
      return unguarded({ url, payload });
    };
    const { passed, canaries } = await drill(forgetful);
    const arrived = canaries.filter(({ outcome }) => outcome === "arrived");
    expect(passed).toBe(false);
    expect(arrived).toContainEqual({ kind: "password", carrier: "field", outcome: "arrived" });
  });

  it("plants nothing in a query that is not sent", async () => {
    const { canaries } = await drill(({ url, payload }) =>
      post(url.split("?", 1)[0]!, JSON.stringify(payload)),
    );
    expect(canaries.filter(({ carrier }) => carrier === "query")).toEqual([]);
  });

  it.each<[string, GuardedTransport]>([
    ["sends nothing", () => undefined],
    ["breaks", () => Promise.reject(new Error("no route"))],
    ["sends what nobody can read", ({ url }) => post(url, "sealed")],
  ])("WX-4.4.6b: knows nothing of a transport that %s", async (_what, transport) => {
    const result = await drill(transport, 100);
    expect(result).toMatchObject({ passed: false, outcome: "not-reached", canaries: [] });
  });

  it("WX-4.4.6b: knows nothing of a transport that broke on the way", async () => {
    let sent = 0;
    const breaks: GuardedTransport = (canary) => (sent++ === 0 ? unguarded(canary) : undefined);
    expect(await drill(breaks, 100)).toMatchObject({ passed: false, outcome: "not-reached" });
  });

  it("sees what is sent later than the transport says", async () => {
    const waiting: Canary[] = [];
    const batching: GuardedTransport = async (canary) => {
      waiting.push(canary);
      if (Object.keys(canary.payload).length > 2) return;
      for (const one of waiting.splice(0)) await unguarded(one);
    };
    const { passed, outcomes } = await drill(batching);
    expect(passed).toBe(false);
    expect(outcomes).toContain("arrived");
  });

  it("does not take for stopped what does not end", async () => {
    const guard = guardIn("block");
    const hanging: GuardedTransport = (canary) =>
      guard.inspect([canary.payload, decodeURIComponent(canary.url)]).action === "block" &&
      "religion" in canary.payload
        ? new Promise(() => {})
        : guarded("block")(canary);
    const { passed, canaries } = await drill(hanging, 300);
    const timedOut = canaries.filter(({ outcome }) => outcome === "timed-out");
    expect(timedOut).toEqual([{ kind: "religion", carrier: "field", outcome: "timed-out" }]);
    expect(passed).toBe(false);
  });

  it("tells no planted value, and closes where it listened", async () => {
    let url = "";
    const result: GuardDrill = await runGuardDrill({
      api: (canary) => ((url = canary.url), unguarded(canary)),
    });
    const told = JSON.stringify(result);
    expect(CANARY_KINDS.filter(({ value }) => told.includes(value))).toEqual([]);
    expect(new URL(url).hostname).toBe("127.0.0.1");
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});
