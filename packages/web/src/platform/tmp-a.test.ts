import { describe, expect, it, vi } from "vitest";
import { PrivacyServer } from "../consent/privacy-server.fixture.ts";
import { createTestHost } from "../testing/test-host.ts";
import { answering, openMiniProgram, POLICY } from "./mini-program.fixture.ts";
import { explainPrivacyError } from "./explain-privacy-error.ts";

const located = { latitude: 1, longitude: 2 };
const results = { getLocation: located };
const tick = (ms = 20) => new Promise((r) => setTimeout(r, ms));
const state = (p: Promise<unknown>, ms = 60) =>
  Promise.race([p.then(() => "resolved", (e) => "rejected " + (e?.code ?? e?.errMsg ?? e)), tick(ms).then(() => "pending")]);
const given = () => { const s = new PrivacyServer(); s.status["delivery"] = "given"; return s; };

describe("attack", () => {
  it("01 withdraw in flight ends the permit at once", async () => {
    const server = new PrivacyServer();
    const app0 = createTestHost({ results, declared: [] });
    let hold: Promise<void> | undefined; let free: () => void = () => {};
    const transport = async (r: any) => { if (r.method === "POST" && hold) await hold; return server.transport(r); };
    const app = openMiniProgram({ host: app0.wx, server, transport, endpoint: "/privacy" } as any);
    answering(app, "agree");
    const gated = app.privacy.use(app0.wx) as any;
    await gated.getLocation({ purpose: "delivery" });
    hold = new Promise((r) => (free = r));
    const w = app.privacy.consent.withdraw("delivery");
    await tick();
    const n = app0.calls.length;
    const second = gated.getLocation({ purpose: "delivery" });
    second.catch(() => {});
    await tick(50);
    const called = app0.calls.length;
    free(); await w;
    expect(called).toBe(n);
  });

  it("02 withdrawn while the platform dialog is open: not called", async () => {
    const server = given();
    const app = openMiniProgram({ results, server });
    let q: any;
    app.privacy.platform.onDialog((x) => (q = x));
    const call = (app.privacy.use(app.host.wx) as any).getLocation({ purpose: "delivery" });
    call.catch(() => {});
    await vi.waitFor(() => expect(q).toBeDefined());
    await app.privacy.consent.withdraw("delivery");
    app.host.tapAgree("ours"); q.agree("ours");
    await state(call);
    expect(app.host.calls).toEqual([]);
  });

  it("03 clock set back keeps no permit", async () => {
    let time = 1e9;
    const app = openMiniProgram({ results, declared: [], now: () => time, coolDownMs: 0 });
    const server = app.server;
    answering(app, "agree");
    const g = app.privacy.use(createTestHost({results}).wx) as any;
    const h = app.privacy.use(app.host.wx) as any;
    await h.getLocation({ purpose: "delivery" }).catch(() => {});
    time -= 3_600_000;
    server.status["delivery"] = "withdrawn";
    const before = server.calls.length;
    time += 60_000;
    await h.getLocation({ purpose: "delivery" }).catch(() => {});
    expect(server.calls.length).toBeGreaterThan(before);
  });

  it("04 async onAsk handler that rejects refuses and does not block", async () => {
    const un: unknown[] = []; const hear = (e: unknown) => void un.push(e);
    process.on("unhandledRejection", hear);
    const app = openMiniProgram({ declared: [] });
    app.privacy.consent.onAsk((async () => { throw new Error("page"); }) as any);
    const a = app.privacy.consent.ask("delivery");
    const s = await state(a, 200);
    process.off("unhandledRejection", hear);
    expect([s, un.length]).toEqual(["resolved", 0]);
  });

  it("05 queue: page popped with open question, queued platform event waits forever", async () => {
    const app = openMiniProgram({ results });
    const seen: any[] = [];
    const leave = app.privacy.consent.onAsk((q) => void seen.push(q));
    const leaveP = app.privacy.platform.onDialog((q) => void seen.push(q));
    const a = app.privacy.consent.ask("marketing"); a.catch(() => {});
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    const direct = app.host.wx.getLocation()!; direct.catch(() => {});
    await tick(30);
    leave(); leaveP();
    app.privacy.consent.onAsk((q) => q.refuse());
    app.privacy.platform.onDialog((q) => q.refuse());
    expect(await state(direct, 2500)).not.toBe("pending");
  });

  it("06 onWarning that throws: platform event is answered, no unhandled", async () => {
    const un: unknown[] = []; const hear = (e: unknown) => void un.push(e);
    process.on("unhandledRejection", hear);
    const app = openMiniProgram({ onWarning: () => { throw new Error("w"); } });
    app.privacy.platform.onDialog(() => {})();
    const end = app.privacy.platform.onDialog(() => {}); end();
    const direct = app.host.wx.getLocation()!; direct.catch(() => {});
    const s = await state(direct, 1500);
    process.off("unhandledRejection", hear);
    expect([s.startsWith("rejected"), un.length]).toEqual([true, 0]);
  });

  it("07 dialog-missing warned once", async () => {
    const app = openMiniProgram({ declared: [], coolDownMs: 0 });
    await app.privacy.consent.ask("delivery"); await app.privacy.consent.ask("marketing");
    expect(app.warnings).toEqual(["dialog-missing"]);
  });

  it("08 a question never shown is not recorded as refused by the person", async () => {
    const app = openMiniProgram({ declared: [] });
    await app.privacy.consent.ask("delivery");
    expect(app.server.recorded).toEqual([]);
  });

  it("09 app switched away for 1.5 s while the notice loads: found as it was", async () => {
    const app = openMiniProgram({ declared: [] });
    const handler = vi.fn((q: any) => q.agree());
    const hide = app.privacy.consent.onAsk(handler);
    app.server.hold = () => tick(100);
    const a = app.privacy.consent.ask("delivery");
    await tick(20);
    hide();
    await tick(1500);
    app.privacy.consent.onAsk(handler);
    expect(await a).toMatchObject({ permitted: true });
  });

  it("10 same-act is recorded only when the platform took it", async () => {
    const app = openMiniProgram({});
    app.privacy.consent.onAsk((q) => q.agree("not-a-button"));
    await app.privacy.consent.ask("delivery");
    expect(app.server.recorded[0]).not.toHaveProperty("platformAgreement");
  });

  it("11 after a wrong id, the dialog is shown again (not auto-answered wrong)", async () => {
    const app = openMiniProgram({ results });
    const ds: any[] = [];
    app.privacy.platform.onDialog((q) => { ds.push(q); if (ds.length === 1) q.agree("wrong"); else { app.host.tapAgree("ok"); q.agree("ok"); } });
    await app.host.wx.getLocation()!.catch(() => {});
    expect(await state(app.host.wx.getLocation()!, 300)).toBe("resolved");
  });

  it("12 official popup answered after 13 s by the person", async () => {
    vi.useFakeTimers();
    try {
      const app = openMiniProgram({ results, officialPopup: () => new Promise((r) => setTimeout(() => r("agree"), 13_000)) });
      app.privacy.consent.onAsk((q) => q.agree());
      const done = vi.fn();
      (app.privacy.use(app.host.wx) as any).getLocation({ purpose: "delivery", complete: done });
      await vi.advanceTimersByTimeAsync(20_000);
      expect(done).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(located));
    } finally { vi.useRealTimers(); }
  });

  it("13 chooser slower than 12 s after the official popup was agreed to", async () => {
    vi.useFakeTimers();
    try {
      const app = openMiniProgram({ results });
      app.privacy.consent.onAsk((q) => q.agree());
      const host = { ...app.host.wx, getLocation: (o: any) => app.host.wx.getLocation({ ...o, success: (r: any) => setTimeout(() => o.success(r), 15_000) }) };
      const done = vi.fn();
      (app.privacy.use(host) as any).getLocation({ purpose: "delivery", complete: done });
      await vi.advanceTimersByTimeAsync(30_000);
      expect(done).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(located));
    } finally { vi.useRealTimers(); }
  });

  it("14 two calls of one interface, second's question stolen: within 12 s", async () => {
    vi.useFakeTimers();
    try {
      const app = openMiniProgram({ results });
      app.privacy.consent.onAsk((q) => q.agree());
      const orig = app.host.wx.onNeedPrivacyAuthorization!;
      // thief takes over after our first hearing
      const host = { ...app.host.wx, onNeedPrivacyAuthorization: (l: any) => orig((resolve, info) => { orig(() => {}); l(resolve, info); }) };
      const app2 = openMiniProgram({ host, server: given(), answer: undefined } as any);
      const server = given();
      const app3 = openMiniProgram({ host, transport: server.transport, endpoint: "/privacy" } as any);
      void app2;
      let isNeeded = true; void isNeeded;
      let open: any;
      app3.privacy.consent.onAsk((q) => q.agree());
      // platform handler exists but agreement is bypassed: answer true without button
      let n = 0;
      app3.privacy.platform.onDialog((q) => { n++; if (n === 1) q.agree(); else open = q; });
      const g = app3.privacy.use(host) as any;
      const [a, b] = [vi.fn(), vi.fn()];
      g.getLocation({ purpose: "delivery", complete: a });
      g.getLocation({ purpose: "delivery", complete: b });
      await vi.advanceTimersByTimeAsync(5_000);
      if (open) { app.host.tapAgree("x"); open.agree("x"); }
      await vi.advanceTimersByTimeAsync(120_000);
      expect([n, a.mock.calls.length, b.mock.calls.length]).toEqual([2, 1, 1]);
    } finally { vi.useRealTimers(); }
  });

  it("15 host that asks synchronously", async () => {
    vi.useFakeTimers();
    try {
      const base = createTestHost({});
      let listener: any;
      const host = { ...base.wx,
        getPrivacySetting: (o: any) => o.success({ needAuthorization: true, privacyContractName: "x" }),
        onNeedPrivacyAuthorization: (l: any) => void (listener = l),
        getLocation: (o: any) => listener((r: any) => { if (r.event === "agree") o.success(located); }, { referrer: "getLocation" }) };
      const server = given();
      const app = openMiniProgram({ host, transport: server.transport, endpoint: "/privacy" } as any);
      let n = 0, open: any;
      app.privacy.platform.onDialog((q) => { n++; if (n === 1) q.agree(); else open = q; });
      const done = vi.fn();
      (app.privacy.use(host) as any).getLocation({ purpose: "delivery", complete: done });
      await vi.advanceTimersByTimeAsync(20_000);
      open.agree("b");
      await vi.advanceTimersByTimeAsync(100);
      expect(done).toHaveBeenCalledExactlyOnceWith(located);
    } finally { vi.useRealTimers(); }
  });
});
