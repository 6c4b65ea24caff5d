import { describe, expect, it, vi } from "vitest";
import { PrivacyServer } from "../consent/privacy-server.fixture.ts";
import { createTestHost } from "../testing/test-host.ts";
import { answering, openMiniProgram } from "./mini-program.fixture.ts";

const located = { latitude: 1, longitude: 2 };
const results = { getLocation: located, createVKSession: {} };

describe("privacy.use", () => {
  it("WX-4.4.3: asks at the moment of the call, then calls the interface", async () => {
    const app = openMiniProgram({ results });
    const { questions } = answering(app, "agree");
    const gated = app.privacy.use(app.host.wx);
    expect(app.host.calls).toEqual([]);
    expect(app.server.calls).toEqual([]);
    expect(await gated.getLocation({ purpose: "delivery" })).toMatchObject(located);
    expect(questions).toMatchObject([{ purpose: "delivery", text: "What we do", language: "en" }]);
    expect(app.server.recorded).toMatchObject([{ purpose: "delivery", decision: "given" }]);
    expect(app.host.calls).toEqual(["getLocation"]);
  });

  it("WX-4.4.2a: one tap gives our consent and the platform's agreement, in one record", async () => {
    const app = openMiniProgram({ results });
    const { dialogs } = answering(app, "agree");
    await app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" });
    expect(app.server.recorded).toMatchObject([
      { decision: "given", platformAgreement: "same-act" },
    ]);
    expect(dialogs).toEqual([]);
    expect(app.host.popups).toEqual(["scope.userLocation"]);
  });

  it("asks once where the platform was agreed to before, and says nothing of it", async () => {
    const app = openMiniProgram({ declared: [] });
    const { questions } = answering(app, "agree");
    await app.privacy.consent.ask("delivery");
    expect(questions[0]!.asksPlatform).toBe(false);
    expect(app.server.recorded[0]).not.toHaveProperty("platformAgreement");
  });

  it("WX-4.4.3: a platform that needs no agreement is no consent", async () => {
    const app = openMiniProgram({ declared: [], results });
    answering(app, "refuse");
    const call = app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" });
    await expect(call).rejects.toMatchObject({ code: "ERR_CONSENT_MISSING" });
    expect(app.host.calls).toEqual([]);
  });

  it("WX-4.4.3: after a refusal nothing is called, by callbacks and by promise", async () => {
    const app = openMiniProgram({ results });
    answering(app, "refuse");
    const gated = app.privacy.use(app.host.wx);
    await expect(gated.getLocation({ purpose: "delivery" })).rejects.toMatchObject({
      code: "ERR_CONSENT_MISSING",
      errMsg: "getLocation:fail ERR_CONSENT_MISSING",
    });
    const [fail, complete] = [vi.fn<(told?: unknown) => void>(), vi.fn<(told?: unknown) => void>()];
    expect(gated.getLocation({ purpose: "delivery", fail, complete })).toBeUndefined();
    await vi.waitFor(() => expect(complete).toHaveBeenCalledOnce());
    expect(fail).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: "ERR_CONSENT_MISSING" }),
    );
    expect(app.host.calls).toEqual([]);
    expect(app.host.popups).toEqual([]);
  });

  it.each([
    ["marketing", "ERR_ACCESS_DENIED"],
    ["no-such", "ERR_PURPOSE_UNKNOWN"],
    ["constructor", "ERR_PURPOSE_UNKNOWN"],
    [undefined, "ERR_PURPOSE_UNKNOWN"],
  ])("WX-4.4.4a: for the purpose %s nothing is asked and nothing called", async (purpose, code) => {
    const app = openMiniProgram();
    const { questions } = answering(app, "agree");
    const call = app.privacy.use(app.host.wx).getLocation({ purpose } as { purpose: string });
    await expect(call).rejects.toMatchObject({ code });
    expect([questions, app.host.calls]).toEqual([[], []]);
  });

  it("gives what the host gives to success and complete, once, whatever they throw", async () => {
    const app = openMiniProgram({ results });
    answering(app, "agree");
    const thrown: unknown[] = [];
    const hear = (error: unknown): void => void thrown.push(error);
    process.on("unhandledRejection", hear);
    const success = vi.fn<(told?: unknown) => void>(() => {
      throw new Error("of the app");
    });
    const [fail, complete] = [vi.fn<(told?: unknown) => void>(), vi.fn<(told?: unknown) => void>()];
    app.privacy.use(app.host.wx).getLocation({ purpose: "delivery", success, fail, complete });
    await vi.waitFor(() => expect(complete).toHaveBeenCalledOnce());
    await vi.waitFor(() => expect(thrown).toHaveLength(1));
    process.off("unhandledRejection", hear);
    expect(success).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(located));
    expect(fail).not.toHaveBeenCalled();
  });

  it("answers once when the host calls both success and fail", async () => {
    const app = openMiniProgram();
    answering(app, "agree");
    const both = {
      async getLocation(given: { success?(r: object): void; fail?(e: object): void }) {
        given.success!(located);
        given.fail!({});
        given.success!({});
        return {};
      },
    };
    const settled = vi.fn<(told?: unknown) => void>();
    await app.privacy.use(both).getLocation({ purpose: "delivery" }).then(settled, settled);
    expect(settled).toHaveBeenCalledExactlyOnceWith(located);
  });

  it.each<[string, object, object]>([
    [
      "throws in place of an answer",
      {
        getLocation() {
          throw new TypeError("of the host");
        },
      },
      { message: "of the host" },
    ],
    [
      "throws before it makes something",
      {
        getRecorderManager() {
          return {
            start() {
              throw new TypeError("of the host");
            },
          };
        },
      },
      { code: "ERR_ACCESS_DENIED" },
    ],
    ["lacks the interface by now", { getLocation: undefined }, { name: "TypeError" }],
  ])("fails when the host %s", async (_what, host, failure) => {
    const app = openMiniProgram();
    answering(app, "agree");
    const gated = app.privacy.use(host as { getLocation(o: object): object }) as unknown as {
      getLocation(options: object): Promise<object>;
      getRecorderManager?(): { start(options: object): Promise<object> };
    };
    const call = async (): Promise<object> =>
      gated.getRecorderManager
        ? gated.getRecorderManager().start({ purpose: "delivery" })
        : gated.getLocation({ purpose: "delivery" });
    await expect(call()).rejects.toMatchObject(failure);
  });

  it("takes the answer of a host that throws afterwards", async () => {
    const app = openMiniProgram();
    answering(app, "agree");
    const host = {
      async getLocation() {
        return {};
      },
    };
    const throwing = {
      ...host,
      getLocation(given: { success?(r: object): void }): Promise<object> {
        given.success!(located);
        throw new TypeError("of the host");
      },
    };
    expect(await app.privacy.use(throwing).getLocation({ purpose: "delivery" })).toBe(located);
  });

  it("leaves a frozen or proxied host object as it is, and its other functions alone", async () => {
    const app = openMiniProgram({ results });
    answering(app, "agree");
    const frozen = Object.freeze({ ...app.host.wx });
    const proxied = new Proxy(frozen, {
      set: () => false,
      defineProperty: () => false,
    });
    for (const host of [frozen, proxied]) {
      const gated = app.privacy.use(host);
      expect(await gated.getLocation({ purpose: "delivery" })).toMatchObject(located);
      expect(gated.canIUse("getLocation")).toBe(true);
      expect(Object.keys({ ...gated })).toContain("request");
      expect(frozen.getLocation).toBe(app.host.wx.getLocation);
    }
  });

  it("WX-4.4.3: gates scopes, recorders and maps as well", async () => {
    const app = openMiniProgram();
    answering(app, "refuse");
    const gated = app.privacy.use(app.host.wx);
    const missing = { code: "ERR_CONSENT_MISSING" };
    const scope = "scope.userLocation";
    await expect(gated.authorize({ purpose: "delivery", scope })).rejects.toMatchObject(missing);
    const map = gated.createMapContext("map");
    await expect(map.moveToLocation({ purpose: "delivery" })).rejects.toMatchObject(missing);
    const recorder = gated.getRecorderManager();
    await expect(recorder.start({ purpose: "delivery" })).rejects.toMatchObject({
      code: "ERR_ACCESS_DENIED",
    });
    recorder.onError(() => undefined);
    expect(app.host.calls).toEqual([]);
  });

  it("calls what makes something without callbacks", async () => {
    const app = openMiniProgram();
    answering(app, "agree");
    const session = {};
    const host = { createVKSession: (_options: object) => session };
    const policy = { ...(await app.privacy.policy()) };
    const camera = { source: "platform", weixinPrivacyKey: "Camera" } as const;
    const filming = openMiniProgram({
      policy: { ...policy, categories: { ...policy.categories, position: camera } },
    });
    answering(filming, "agree");
    expect(await filming.privacy.use(host).createVKSession({ purpose: "delivery" })).toBe(session);
  });

  it("has only what the host has, and asks no platform that never asks", async () => {
    const app = openMiniProgram({ libVersion: "2.27.0", results });
    const { questions } = answering(app, "agree");
    const { chooseAddress: _missing, ...rest } = app.host.wx;
    const gated = app.privacy.use(rest);
    expect((gated as { chooseAddress?: unknown }).chooseAddress).toBeUndefined();
    expect(Object.keys(gated)).not.toContain("chooseAddress");
    expect(await gated.getLocation({ purpose: "delivery" })).toMatchObject(located);
    expect(questions).toMatchObject([{ asksPlatform: false }]);
    expect(app.host.popups).toEqual(["scope.userLocation"]);
  });

  it("WX-4.4.3: gates what the host gets later, itself, and a host that is a class", async () => {
    const app = openMiniProgram({ results });
    answering(app, "refuse");
    const host: { request: unknown; getLocation?: (o: object) => unknown } = {
      request: app.host.wx.request,
    };
    const gated = app.privacy.use(host) as unknown as {
      getLocation?(options: object): Promise<object>;
    };
    expect(gated.getLocation).toBeUndefined();
    host.getLocation = app.host.wx.getLocation;
    await expect(gated.getLocation!({ purpose: "delivery" })).rejects.toMatchObject({
      code: "ERR_CONSENT_MISSING",
    });
    expect(app.privacy.use(gated)).toBe(gated);
    class Host {
      readonly #secret = "s";
      getSecret(): string {
        return this.#secret;
      }
      get broken(): string {
        throw new TypeError("of the host");
      }
    }
    expect(app.privacy.use(new Host()).getSecret()).toBe("s");
    expect(app.host.calls).toEqual([]);
  });

  it("takes broken options for none", async () => {
    const app = openMiniProgram({ results });
    answering(app, "agree");
    const { getLocation } = app.privacy.use(app.host.wx) as unknown as {
      getLocation(options: unknown): Promise<object>;
    };
    for (const options of [null, undefined, { purpose: ["delivery"] }, { success: "x" }])
      await expect(getLocation(options)).rejects.toMatchObject({ code: "ERR_PURPOSE_UNKNOWN" });
  });

  it("names each interface that fails for the same reason, and leaves the host's errors alone", async () => {
    const server = new PrivacyServer();
    const app = openMiniProgram({ server });
    server.online = false;
    const gated = app.privacy.use(app.host.wx);
    const calls = [
      gated.getLocation({ purpose: "delivery" }),
      gated.chooseAddress({ purpose: "delivery" }),
    ];
    await expect(calls[0]).rejects.toMatchObject({ errMsg: /^getLocation:/ });
    await expect(calls[1]).rejects.toMatchObject({ errMsg: /^chooseAddress:/ });
    server.online = true;
    answering(app, "agree");
    for (const fault of [undefined, Object.freeze({ code: "X" })]) {
      const host = { getLocation: ({ fail }: { fail?(e: unknown): void }) => fail!(fault) };
      const failed = app.privacy.use(host).getLocation({ purpose: "delivery" }) as never;
      await expect(failed).rejects.toBe(fault);
    }
  });

  it("waits for functions that another SDK has wrapped", async () => {
    const app = openMiniProgram({ results });
    answering(app, "agree");
    const { getLocation } = app.host.wx;
    const host = {
      getLocation: async (given?: object) => {
        void getLocation(given);
      },
    };
    const gated = app.privacy.use(host) as unknown as {
      getLocation(options: object): Promise<object>;
    };
    expect(await gated.getLocation({ purpose: "delivery" })).toMatchObject(located);
  });

  it("keeps no permit by a clock that was set back", async () => {
    let time = 3_600_000;
    const app = openMiniProgram({ results, now: () => time });
    answering(app, "refuse");
    app.server.status["delivery"] = "given";
    app.host.tapAgree("before");
    const { getLocation } = app.privacy.use(app.host.wx);
    await getLocation({ purpose: "delivery" });
    app.server.status["delivery"] = "withdrawn";
    time = 0;
    await expect(getLocation({ purpose: "delivery" })).rejects.toMatchObject({
      code: "ERR_CONSENT_MISSING",
    });
  });

  it("asks the server once for calls close together, the first with its question included", async () => {
    const app = openMiniProgram({ results });
    answering(app, "agree");
    const { getLocation } = app.privacy.use(app.host.wx);
    await getLocation({ purpose: "delivery" });
    const looked = app.server.calls.length;
    await getLocation({ purpose: "delivery" });
    expect(app.server.calls.length).toBe(looked);
  });

  it("does not ask for the platform's guide again within ten seconds of a refusal", async () => {
    let time = 0;
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const app = openMiniProgram({ results, server, now: () => time });
    const { dialogs } = answering(app, "refuse");
    for (time of [0, 9_999, 10_000])
      await expect(
        app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" }),
      ).rejects.toMatchObject({ errno: 104 });
    expect(dialogs).toHaveLength(2);
  });

  it("WX-4.4.2a: says that one tap gave both only where the platform took it", async () => {
    const app = openMiniProgram();
    app.privacy.consent.onAsk(({ agree }) => agree("never-tapped"));
    await app.privacy.consent.ask("delivery");
    const tapped = openMiniProgram();
    tapped.privacy.consent.onAsk(({ agree }) => agree({ type: "tap" } as never));
    await tapped.privacy.consent.ask("delivery");
    for (const { server } of [app, tapped])
      expect(server.recorded[0]).not.toHaveProperty("platformAgreement");
  });

  it("passes on what the host fails with", async () => {
    const app = openMiniProgram({ declared: ["Address"] });
    answering(app, "agree");
    await expect(
      app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" }),
    ).rejects.toMatchObject({ errno: 112 });
  });

  it("WX-4.4.4d: asks again once the consent was withdrawn, here at once, elsewhere in ten seconds", async () => {
    let time = 0;
    const app = openMiniProgram({ results, now: () => time, coolDownMs: 0 });
    const { questions } = answering(app, "agree");
    const { getLocation } = app.privacy.use(app.host.wx);
    await getLocation({ purpose: "delivery" });
    await getLocation({ purpose: "delivery" });
    expect(questions).toHaveLength(1);
    await app.privacy.consent.withdraw("delivery");
    await getLocation({ purpose: "delivery" });
    expect(questions).toHaveLength(2);
    app.server.status["delivery"] = "withdrawn";
    time += 10_000;
    await getLocation({ purpose: "delivery" });
    expect(questions).toHaveLength(3);
  });

  it("WX-4.4.4d: a withdrawal counts before the server has answered it", async () => {
    const app = openMiniProgram({ results });
    answering(app, "refuse");
    app.server.status["delivery"] = "given";
    const { getLocation } = app.privacy.use(app.host.wx);
    app.host.tapAgree("before");
    await getLocation({ purpose: "delivery" });
    let answer = (): void => undefined;
    app.server.fault = (record) =>
      new Promise((resolve) => {
        answer = () => (
          record(),
          resolve({ status: 201, body: { results: [{ status: 201, receipt: "r" }] } })
        );
      }) as never;
    const withdrawn = app.privacy.consent.withdraw("delivery");
    const late = getLocation({ purpose: "delivery" });
    const refused = late.then(
      () => expect.unreachable(),
      (error: unknown) => error,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.host.calls).toEqual(["getLocation"]);
    answer();
    app.server.fault = undefined;
    await withdrawn;
    expect(await refused).toMatchObject({ code: "ERR_CONSENT_MISSING" });
    expect(app.host.calls).toEqual(["getLocation"]);
  });

  it("WX-4.4.4d: nothing is called when it was withdrawn while the platform asked", async () => {
    const app = openMiniProgram({ results });
    app.server.status["delivery"] = "given";
    let open: { agree(id: string): void } | undefined;
    app.privacy.platform.onDialog((question) => (open = question));
    const call = app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" });
    await vi.waitFor(() => expect(open).toBeDefined());
    await app.privacy.consent.withdraw("delivery");
    app.host.tapAgree("agree");
    open!.agree("agree");
    await expect(call).rejects.toMatchObject({ code: "ERR_CONSENT_MISSING" });
    expect(app.host.calls).toEqual([]);
  });

  it("gives what a map answers, and what it fails with", async () => {
    const app = openMiniProgram({ results: { moveToLocation: { moved: true } } });
    answering(app, "agree");
    const gated = app.privacy.use(app.host.wx);
    const map = gated.createMapContext("map");
    expect(await map.moveToLocation({ purpose: "delivery" })).toMatchObject({ moved: true });
    const undeclared = openMiniProgram({ declared: [] });
    answering(undeclared, "agree");
    await expect(
      undeclared.privacy
        .use(undeclared.host.wx)
        .createMapContext("map")
        .moveToLocation({ purpose: "delivery" }),
    ).rejects.toMatchObject({ errno: 112 });
  });

  it("says errMsg also where the policy cannot be fetched", async () => {
    const server = new PrivacyServer();
    server.online = false;
    const app = openMiniProgram({ server, policy: undefined } as object);
    await expect(
      app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" }),
    ).rejects.toMatchObject({ errMsg: "getLocation:fail ERR_STORE_UNAVAILABLE" });
  });

  it("lets the platform ask where a consent is there and its agreement is not", async () => {
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const app = openMiniProgram({ results, server });
    const { questions, dialogs } = answering(app, "agree");
    const gated = app.privacy.use(app.host.wx);
    expect(await gated.getLocation({ purpose: "delivery" })).toMatchObject(located);
    expect(questions).toEqual([]);
    expect(dialogs).toMatchObject([
      { referrer: "getLocation", contractName: "《测试小程序隐私保护指引》", language: "en" },
    ]);
    expect(server.posted).toEqual([]);
  });

  it("fails as the platform does when its guide is refused, and calls nothing", async () => {
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const app = openMiniProgram({ results, server });
    answering(app, "refuse");
    await expect(
      app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" }),
    ).rejects.toMatchObject({
      errno: 104,
      errMsg: "getLocation:fail privacy permission is not authorized",
    });
    expect(app.host.calls).toEqual([]);
  });
});

describe("when another SDK has taken the listener", () => {
  const silent = (): void => undefined;

  it("still answers, as ours is registered anew before each call", async () => {
    const app = openMiniProgram({ results });
    answering(app, "agree");
    app.host.wx.onNeedPrivacyAuthorization!(silent);
    expect(await app.privacy.use(app.host.wx).getLocation({ purpose: "delivery" })).toMatchObject(
      located,
    );
  });

  it("answers within twelve seconds when nobody resolves, and ignores what comes later", async () => {
    vi.useFakeTimers();
    try {
      const app = openMiniProgram({ results });
      app.privacy.consent.onAsk(({ agree }) => agree());
      app.host.wx.onNeedPrivacyAuthorization!(silent);
      const answered = vi.fn<(told?: unknown) => void>();
      app.privacy.use(app.host.wx).getLocation({ purpose: "delivery", complete: answered });
      await vi.advanceTimersByTimeAsync(12_100);
      expect(answered).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ code: "ERR_PLATFORM_UNAVAILABLE" }),
      );
    } finally {
      vi.useRealTimers();
    }
  });

  it("answers each of two calls, when only the first question came to us", async () => {
    vi.useFakeTimers();
    try {
      const app = openMiniProgram({ results });
      app.privacy.consent.onAsk(({ agree }) => agree());
      const listen = app.host.wx.onNeedPrivacyAuthorization!;
      let times = 0;
      const host = {
        ...app.host.wx,
        onNeedPrivacyAuthorization: (listener: Parameters<typeof listen>[0]) =>
          listen((resolve, info) => {
            if (++times === 1) listener(resolve, info);
          }),
      };
      const second = openMiniProgram({ host, server: app.server, results });
      second.privacy.consent.onAsk(({ agree }) => agree());
      const answered = vi.fn<(told?: unknown) => void>();
      const { getLocation } = second.privacy.use(host);
      // Nobody answers what reaches us: it has no dialog of ours.
      for (const _call of [1, 2]) getLocation({ purpose: "delivery", complete: answered });
      await vi.advanceTimersByTimeAsync(15_000);
      expect(answered).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("waits for what the host shows after its question was answered", async () => {
    vi.useFakeTimers();
    try {
      const app = openMiniProgram({ results });
      app.privacy.consent.onAsk(({ agree }) => agree());
      const { getLocation } = app.host.wx;
      const host = {
        ...app.host.wx,
        getLocation: (given: { success?(r: object): void; fail?(e: object): void }) =>
          getLocation({
            ...given,
            success: (located: object) => setTimeout(() => given.success!(located), 20_000),
          }),
      };
      const answered = vi.fn<(told?: unknown) => void>();
      app.privacy.use(host).getLocation({ purpose: "delivery", success: answered });
      await vi.advanceTimersByTimeAsync(21_000);
      expect(answered).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(located));
    } finally {
      vi.useRealTimers();
    }
  });

  it("waits for a person as long as the question is ours", async () => {
    vi.useFakeTimers();
    try {
      const app = openMiniProgram({ results });
      // Agreed to without the platform's button: it asks when the interface is called.
      app.privacy.consent.onAsk(({ agree }) => agree());
      let open: { agree(id: string): void } | undefined;
      app.privacy.platform.onDialog((question) => (open = question));
      const answered = vi.fn<(told?: unknown) => void>();
      app.privacy.use(app.host.wx).getLocation({ purpose: "delivery", success: answered });
      await vi.advanceTimersByTimeAsync(60_000);
      expect(answered).not.toHaveBeenCalled();
      app.host.tapAgree("ours");
      open!.agree("ours");
      await vi.advanceTimersByTimeAsync(100);
      expect(answered).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(located));
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("on other hosts", () => {
  it.each(["tt", "ks", "my", "swan", "qq", "tcmpp"])(
    "WX-4.4.3: %s has our own gate where it has no privacy API (a stub)",
    async () => {
      const { getLocation, request, getRandomValues, getStorage, setStorage } = createTestHost({
        libVersion: "2.0.0",
        results,
      }).wx;
      const stub = { getLocation, request, getRandomValues, getStorage, setStorage };
      const server = new PrivacyServer();
      const app = openMiniProgram({
        host: stub,
        server,
        transport: server.transport,
        endpoint: "/privacy",
      });
      answering(app, "agree");
      const gated = app.privacy.use(stub);
      expect(await gated.getLocation({ purpose: "delivery" })).toMatchObject(located);
      expect(server.recorded).toMatchObject([{ purpose: "delivery", decision: "given" }]);
    },
  );
});
