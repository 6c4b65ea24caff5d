import { describe, expect, it } from "vitest";
import type { ShownNotice } from "./consent/consent-client.ts";
import type { TransportRequest, TransportResponse } from "./http/transport.ts";
import { createPrivacyClient } from "./privacy-client.ts";

/** 16 times the byte 7. */
const DEVICE = "BwcHBwcHBwcHBwcHBwcHBw";

interface Server {
  readonly calls: TransportRequest[];
  answer(method: string, path: string, status: number, body: unknown): void;
}

/** A server of prepared answers; what was not prepared fails the call as a broken network does. */
function server(): Server & { transport(request: TransportRequest): Promise<TransportResponse> } {
  const answers = new Map<string, TransportResponse>();
  const calls: TransportRequest[] = [];
  return {
    calls,
    answer: (method, path, status, body) => void answers.set(`${method} ${path}`, { status, body }),
    async transport(request) {
      calls.push(request);
      const answer = answers.get(`${request.method} ${request.url.split("?")[0]}`);
      if (answer === undefined) throw new TypeError("network");
      return answer;
    },
  };
}

function open(prompt: (notice: ShownNotice) => Promise<"given" | "refused">) {
  const { transport, ...at } = server();
  const host = {
    fetch: async () => {
      throw new Error("not to be used");
    },
    crypto: { getRandomValues: (bytes: Uint8Array) => bytes.fill(7) },
  };
  const privacy = createPrivacyClient({
    endpoint: "/privacy",
    language: "en",
    host,
    transport,
    prompt,
    headers: () => ({ "x-session": "s" }),
    now: () => Date.UTC(2026, 10, 24),
  });
  at.answer("GET", "/privacy/consents", 200, {
    consents: [{ purpose: "delivery", status: "unknown" }],
  });
  at.answer("GET", "/privacy/notice", 200, { token: "token", text: "What we do" });
  at.answer("POST", "/privacy/consents", 201, { results: [{ status: 201, receipt: "receipt" }] });
  return { ...at, privacy };
}
const sent = (
  calls: readonly TransportRequest[],
): { readonly [name: string]: unknown } | undefined => {
  const body = calls.find(({ method }) => method === "POST")?.body;
  return body === undefined ? undefined : JSON.parse(body).decisions[0];
};

describe("consent.ask", () => {
  it("WX-4.4.3: shows the notice of this purpose and records a grant with its token", async () => {
    const shown: ShownNotice[] = [];
    const { privacy, calls } = open(async (notice) => (shown.push(notice), "given"));
    expect(await privacy.consent.ask("delivery")).toEqual({
      permitted: true,
      status: "given",
      receipt: "receipt",
      headers: { "x-privacy-device": DEVICE, "x-privacy-proof": expect.any(String) },
    });
    expect(shown).toEqual([{ purpose: "delivery", text: "What we do", language: "en" }]);
    expect(calls[1]!.url).toBe("/privacy/notice?language=en&purposes=delivery");
    expect(sent(calls)).toEqual({
      decisionId: DEVICE,
      purpose: "delivery",
      decision: "given",
      notice: "token",
      counter: 0,
      at: "2026-11-24T00:00:00.000Z",
    });
    expect(calls.every(({ headers }) => headers["x-session"] === "s")).toBe(true);
  });

  it.each<[string, () => Promise<"given" | "refused">]>([
    ["a refusal", async () => "refused"],
    ["a prompt that fails", () => Promise.reject(new Error("closed"))],
    ["anything that is not a clear yes", async () => "yes" as "given"],
  ])("PIPL-14: records %s as refused, without a notice", async (_title, prompt) => {
    const { privacy, calls } = open(prompt);
    expect(await privacy.consent.ask("delivery")).toMatchObject({
      permitted: false,
      status: "refused",
    });
    expect(sent(calls)).toMatchObject({ decision: "refused" });
    expect(sent(calls)).not.toHaveProperty("notice");
  });

  it.each(["given", "renewed", "legacy"])(
    "does not ask again for a consent that is %s",
    async (status) => {
      const { privacy, calls, answer } = open(async () => expect.unreachable());
      answer("GET", "/privacy/consents", 200, {
        consents: [{ purpose: "delivery", status, receipt: "r" }],
      });
      expect(await privacy.consent.ask("delivery")).toEqual({
        permitted: true,
        status,
        receipt: "r",
        headers: { "x-privacy-device": DEVICE },
      });
      expect(calls).toHaveLength(1);
    },
  );

  it("never takes a failed call for a grant", async () => {
    const { privacy, answer } = open(async () => "given");
    answer("POST", "/privacy/consents", 409, {
      results: [{ status: 409, code: "ERR_NOTICE_STALE" }],
    });
    await expect(privacy.consent.ask("delivery")).rejects.toMatchObject({
      code: "ERR_NOTICE_STALE",
    });
    answer("POST", "/privacy/consents", 500, "oops");
    await expect(privacy.consent.ask("delivery")).rejects.toMatchObject({ code: "ERR_INTERNAL" });
    const offline = open(async () => "given");
    offline.answer("GET", "/privacy/consents", 503, {
      code: "ERR_STORE_UNAVAILABLE",
      requestId: "x",
    });
    await expect(offline.privacy.consent.ask("delivery")).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
    });
  });

  it("knows only the purposes the server knows", async () => {
    const { privacy } = open(async () => "given");
    await expect(privacy.consent.ask("other")).rejects.toMatchObject({
      code: "ERR_PURPOSE_UNKNOWN",
    });
  });

  it("require throws unless the person consents", async () => {
    const refused = open(async () => "refused");
    await expect(refused.privacy.consent.require("delivery")).rejects.toMatchObject({
      code: "ERR_CONSENT_MISSING",
    });
    expect(await open(async () => "given").privacy.consent.require("delivery")).toMatchObject({
      permitted: true,
    });
  });
});

describe("rights", () => {
  it("PIPL-15: withdraws with one call", async () => {
    const { privacy, calls, answer } = open(async () => "given");
    answer("POST", "/privacy/consents", 201, { results: [{ status: 201, receipt: "w" }] });
    expect(await privacy.consent.withdraw("delivery")).toEqual({
      permitted: false,
      status: "withdrawn",
      receipt: "w",
    });
    expect(calls).toHaveLength(1);
    expect(sent(calls)).toMatchObject({ decision: "withdrawn", counter: 0 });
  });

  it("escapes what it puts into a path", async () => {
    const { privacy, calls, answer } = open(async () => "given");
    answer("PUT", "/privacy/data/order/a%2Fb%3F", 200, { corrected: ["phone"] });
    expect(await privacy.data.rectify("order", "a/b?", { phone: "1" })).toEqual({
      corrected: ["phone"],
    });
    expect(calls[0]).toMatchObject({ method: "PUT", body: '{"phone":"1"}' });
  });

  it("WX-4.4.7b: opens an erasure and reaches it by its token alone", async () => {
    const { privacy, calls, answer } = open(async () => "given");
    answer("POST", "/privacy/requests", 201, {
      id: "r1",
      requestToken: "t1",
      state: "accepted",
      dueAt: "d",
    });
    answer("GET", "/privacy/requests/r1", 200, { id: "r1", state: "fulfilled", outcomes: [] });
    answer("GET", "/privacy/certificates/c1", 200, { certificate: "jws" });
    const opened = await privacy.requests.erase();
    expect(JSON.parse(calls[0]!.body!)).toEqual({ kind: "erase", requestKey: DEVICE });
    expect(await privacy.requests.progress(opened)).toMatchObject({ state: "fulfilled" });
    expect(await privacy.requests.certificate("c1", "t1")).toEqual({ certificate: "jws" });
    expect(calls.slice(1).map(({ headers }) => headers["x-request-token"])).toEqual(["t1", "t1"]);
  });
});
