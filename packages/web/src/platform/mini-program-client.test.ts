import { describe, expect, it, vi } from "vitest";
import { PrivacyServer } from "../consent/privacy-server.fixture.ts";
import { createTestHost } from "../testing/test-host.ts";
import { answering, openMiniProgram, POLICY } from "./mini-program.fixture.ts";

describe("the client of a mini-program", () => {
  it("keeps a withdrawal over a killed app, and delivers it from the next one", async () => {
    const server = new PrivacyServer();
    const app = openMiniProgram({ server });
    app.host.setOnline(false);
    expect(await app.privacy.consent.withdraw("delivery")).toMatchObject({ status: "withdrawn" });
    app.privacy.close();
    expect(server.recorded).toEqual([]);
    const storage = app.host.storage;
    openMiniProgram({ server, storage });
    await vi.waitFor(() => expect(server.recorded).toMatchObject([{ decision: "withdrawn" }]));
  });

  it("delivers what was cut off in the background when the app comes back", async () => {
    const server = new PrivacyServer();
    const app = openMiniProgram({ server });
    server.hold = () => new Promise(() => undefined);
    const answer = app.privacy.consent.status("delivery");
    await vi.waitFor(() => expect(server.calls).toHaveLength(1));
    app.host.suspend();
    await expect(answer).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    await app.privacy.consent.withdraw("delivery");
    expect(server.posted).toEqual([]);
    app.host.resume();
    await vi.waitFor(() => expect(server.recorded).toMatchObject([{ decision: "withdrawn" }]));
  });

  it("delivers when the network is back", async () => {
    const app = openMiniProgram();
    app.host.setOnline(false);
    await app.privacy.consent.withdraw("delivery");
    app.host.setOnline(true);
    await vi.waitFor(() => expect(app.server.recorded).toHaveLength(1));
  });

  it("WX-4.4.3: takes an answer of HTTP 500 for no grant, though the host calls it a success", async () => {
    const app = openMiniProgram();
    answering(app, "agree");
    app.server.fault = () => ({ status: 500, body: "<html>" });
    const call = app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" });
    await expect(call).rejects.toMatchObject({ code: "ERR_INTERNAL" });
    expect(app.host.calls).toEqual([]);
  });

  it("says that the storage is full, once, and goes on", async () => {
    const storage = new Map([["other", " ".repeat(10 * 1_048_576)]]);
    const app = openMiniProgram({ storage });
    answering(app, "agree");
    expect(await app.privacy.consent.ask("delivery")).toMatchObject({ permitted: true });
    expect(app.warnings).toEqual(["storage-failed"]);
  });

  it("knows its policy without a network, or fetches it", async () => {
    const server = new PrivacyServer();
    server.online = false;
    const app = openMiniProgram({ server });
    await app.privacy.ready;
    expect(await app.privacy.policy()).toEqual(POLICY);
    const without = openMiniProgram({ server, policy: undefined } as object);
    await expect(without.privacy.ready).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    server.online = true;
    await without.privacy.ready;
  });

  it("TC-D6.1: sends the age with a yes where it is asked, and asks nobody else", async () => {
    const asks = openMiniProgram({ declared: [], policy: { ...POLICY, asksAge: true } });
    asks.privacy.consent.onAsk(({ asksAge, agree }) =>
      agree(undefined, asksAge ? "adult" : undefined),
    );
    await asks.privacy.consent.ask("delivery");
    expect(asks.server.recorded).toMatchObject([{ decision: "given", ageBand: "adult" }]);
    const plain = openMiniProgram({ declared: [] });
    const { questions } = answering(plain, "agree");
    await plain.privacy.consent.ask("delivery");
    expect(questions[0]!.asksAge).toBe(false);
    expect(plain.server.recorded[0]).not.toHaveProperty("ageBand");
  });

  it("KS-4.4.2: lets somebody decide who never signs in or registers", async () => {
    const app = openMiniProgram({ declared: [] });
    answering(app, "agree");
    await app.privacy.consent.ask("delivery");
    const secrets = app.server.calls.map(({ headers }) => headers["x-privacy-device"]);
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\w-]{22}$/);
    expect(app.server.calls.every(({ headers }) => !("authorization" in headers))).toBe(true);
  });

  it("KS-4.4.3: leaves somebody in peace who refused, for the time of the cool-down", async () => {
    let time = 0;
    const app = openMiniProgram({ declared: [], now: () => time, coolDownMs: 60_000 });
    const { questions } = answering(app, "refuse");
    const { getLocation } = app.privacy.use(app.host.wx);
    for (time of [0, 30_000, 59_999, 60_000])
      await expect(getLocation({ purpose: "delivery" })).rejects.toMatchObject({
        code: "ERR_CONSENT_MISSING",
      });
    expect(questions).toHaveLength(2);
  });

  it("shares nothing with another client of the same host", async () => {
    const app = openMiniProgram({ account: "a" });
    const other = openMiniProgram({ host: app.host.wx, account: "b", server: app.server });
    await Promise.all([
      app.privacy.consent.withdraw("delivery"),
      other.privacy.consent.withdraw("delivery"),
    ]);
    expect([...app.host.storage.keys()]).toHaveLength(2);
  });

  it("warns on the console by a code alone when nobody else listens", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const app = openMiniProgram({ onWarning: undefined } as object);
    await app.privacy.consent.ask("delivery");
    expect(warn).toHaveBeenCalledExactlyOnceWith("miniprivacy: dialog-missing");
    warn.mockRestore();
  });

  it("draws its ids from the host, and fails where it has none", async () => {
    const { getRandomValues: _missing, ...wx } = createTestHost().wx;
    const app = openMiniProgram({ host: wx });
    await expect(app.privacy.consent.withdraw("delivery")).rejects.toMatchObject({
      code: "ERR_PLATFORM_UNAVAILABLE",
    });
  });

  it("leaves nothing on the host once it is closed, and fails nobody by being looked at", async () => {
    const followed = new Set<unknown>();
    const { onAppShow: _on, onNetworkStatusChange: _status, ...wx } = createTestHost().wx;
    const host = {
      ...wx,
      onAppShow: (listener: unknown) => void followed.add(listener),
      offAppShow: (listener: unknown) => void followed.delete(listener),
      onNetworkStatusChange: (listener: unknown) => void followed.add(listener),
      offNetworkStatusChange: (listener: unknown) => void followed.delete(listener),
    };
    const app = openMiniProgram({ host, policy: undefined } as object);
    expect(followed.size).toBe(2);
    void { ...app.privacy };
    app.privacy.close();
    expect(followed.size).toBe(0);
  });

  it("starts and stops an SDK by the host object's client as by a page's", async () => {
    const policy = { ...POLICY, sdks: { mailer: { purpose: "marketing" } } };
    const app = openMiniProgram({ policy, declared: [] });
    answering(app, "agree");
    const [given, withdrawn] = [
      vi.fn<(told?: unknown) => void>(),
      vi.fn<(told?: unknown) => void>(),
    ];
    app.privacy.consent.on("mailer", { given, withdrawn });
    await app.privacy.consent.ask("marketing");
    await vi.waitFor(() => expect(given).toHaveBeenCalledOnce());
    await app.privacy.consent.withdraw("marketing");
    await vi.waitFor(() => expect(withdrawn).toHaveBeenCalledOnce());
  });
});
