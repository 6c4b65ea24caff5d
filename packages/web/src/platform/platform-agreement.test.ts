import { describe, expect, it, vi } from "vitest";
import type { PlatformQuestion } from "./dialog.ts";
import { answering, type MiniProgram, openMiniProgram } from "./mini-program.fixture.ts";

/** Everything asked, to be answered by the test. */
function asked({ privacy }: MiniProgram): PlatformQuestion[] {
  const dialogs: PlatformQuestion[] = [];
  privacy.platform.onDialog((question) => void dialogs.push(question));
  return dialogs;
}
const failure = (call: Promise<object> | undefined): Promise<unknown> =>
  call!.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("the platform's own question", () => {
  it("comes to the one dialog for all interfaces that wait, and each is resolved once", async () => {
    const app = openMiniProgram();
    const resolutions: object[] = [];
    const listen = app.host.wx.onNeedPrivacyAuthorization!;
    const wx = {
      ...app.host.wx,
      onNeedPrivacyAuthorization: (listener: Parameters<typeof listen>[0]) =>
        listen((resolve, info) =>
          listener((resolution) => (resolutions.push(resolution), resolve(resolution)), info),
        ),
    };
    const { privacy } = openMiniProgram({ host: wx });
    const dialogs = asked({ ...app, privacy });
    const answers = [wx.chooseImage(), wx.getLocation(), wx.getClipboardData()];
    await vi.waitFor(() => expect(dialogs).toHaveLength(1));
    await vi.waitFor(() =>
      expect(resolutions).toEqual([1, 2, 3].map(() => ({ event: "exposureAuthorization" }))),
    );
    app.host.tapAgree("agree");
    dialogs[0]!.agree("agree");
    dialogs[0]!.refuse();
    for (const answer of answers) await answer;
    expect(resolutions.slice(3)).toEqual(
      [1, 2, 3].map(() => ({ event: "agree", buttonId: "agree" })),
    );
    expect(dialogs).toHaveLength(1);
  });

  it("is 104 for all of them when it is refused, and nothing is asked for ten seconds", async () => {
    let time = 0;
    const app = openMiniProgram({ now: () => time });
    const dialogs = asked(app);
    const answers = [app.host.wx.chooseImage(), app.host.wx.getLocation()];
    await vi.waitFor(() => expect(dialogs).toHaveLength(1));
    dialogs[0]!.refuse();
    for (const answer of answers) expect(await failure(answer)).toMatchObject({ errno: 104 });
    expect(await failure(app.host.wx.chooseImage())).toMatchObject({ errno: 104 });
    expect(dialogs).toHaveLength(1);
    time = 10_000;
    void failure(app.host.wx.chooseImage());
    await vi.waitFor(() => expect(dialogs).toHaveLength(2));
    dialogs[1]!.refuse();
  });

  it("fails as the platform does for a button that was not tapped", async () => {
    const app = openMiniProgram();
    const dialogs = asked(app);
    const answer = app.host.wx.chooseImage();
    await vi.waitFor(() => expect(dialogs).toHaveLength(1));
    dialogs[0]!.agree("another");
    expect(await failure(answer)).toMatchObject({
      errno: 104,
      errMsg: expect.stringContaining("buttonId is wrong"),
    });
  });

  it("waits for the consent that is being asked for, whose tap answers it too", async () => {
    const app = openMiniProgram();
    const dialogs = asked(app);
    let agree: ((buttonId: string) => void) | undefined;
    app.privacy.consent.onAsk((question) => (agree = question.agree));
    const consent = app.privacy.consent.ask("marketing");
    await vi.waitFor(() => expect(agree).toBeDefined());
    const answer = app.host.wx.chooseImage();
    await new Promise((resolve) => setTimeout(resolve, 20));
    app.host.tapAgree("agree");
    agree!("agree");
    expect(await consent).toMatchObject({ permitted: true });
    await answer;
    expect(dialogs).toEqual([]);
  });

  it("is refused when no page shows it any more, and said so", async () => {
    const app = openMiniProgram();
    app.privacy.platform.onDialog(() => expect.unreachable())();
    app.privacy.platform.onDialog(() => expect.unreachable())();
    const end = app.privacy.platform.onDialog(() => expect.unreachable());
    end();
    expect(await failure(app.host.wx.chooseImage())).toMatchObject({ errno: 104 });
    expect(app.warnings).toEqual(["dialog-missing"]);
  });

  it("is the platform's own popup as long as no dialog of ours was registered", async () => {
    const app = openMiniProgram();
    app.privacy.consent.onAsk(({ agree }) => agree());
    await app.host.wx.chooseImage();
    expect(app.host.popups).toEqual(["privacy-guide"]);
  });

  it("is answered whatever the app does with a warning", async () => {
    const app = openMiniProgram({
      onWarning() {
        throw new Error("of the app");
      },
    });
    app.privacy.platform.onDialog(() => undefined)();
    app.privacy.platform.onDialog(() => expect.unreachable())();
    const end = app.privacy.platform.onDialog(() => expect.unreachable());
    end();
    expect(await failure(app.host.wx.chooseImage())).toMatchObject({ errno: 104 });
  });

  it("tells what comes while it is shown that it is shown, and asks anew for what comes after", async () => {
    let listener: ((resolve: (given: object) => void, info: object) => void) | undefined;
    const host = {
      ...openMiniProgram().host.wx,
      onNeedPrivacyAuthorization: (given: typeof listener) => void (listener = given),
    };
    const app = openMiniProgram({ host });
    const dialogs = asked(app);
    const told: object[] = [];
    const again = (given: object): void => {
      told.push(given);
      // The host may ask for the next one from inside.
      if (told.length === 3) listener!((late) => void told.push(late), { referrer: "later" });
    };
    listener!(again, { referrer: "chooseImage" });
    await vi.waitFor(() => expect(dialogs).toHaveLength(1));
    listener!((given) => void told.push(given), { referrer: "getLocation" });
    expect(told).toEqual([1, 2].map(() => ({ event: "exposureAuthorization" })));
    dialogs[0]!.refuse();
    await vi.waitFor(() => expect(dialogs).toHaveLength(2));
    expect(dialogs[1]!.referrer).toBe("later");
    dialogs[1]!.agree("b");
    await vi.waitFor(() => expect(told).toContainEqual({ event: "agree", buttonId: "b" }));
  });

  it("is left to the platform where ours cannot be registered", async () => {
    const app = openMiniProgram({
      host: {
        ...openMiniProgram().host.wx,
        onNeedPrivacyAuthorization() {
          throw new Error("of the host");
        },
      },
    });
    const end = app.privacy.platform.onDialog(() => expect.unreachable());
    expect(end).toBeTypeOf("function");
  });

  it("opens the guide, and fails as the host does where there is none", async () => {
    await openMiniProgram().privacy.platform.openContract();
    await expect(
      openMiniProgram({ libVersion: "2.27.0" }).privacy.platform.openContract(),
    ).rejects.toMatchObject({ errMsg: "openPrivacyContract:fail is not supported" });
  });
});

describe("questions", () => {
  it("come one at a time", async () => {
    const app = openMiniProgram({ declared: [] });
    const open: { refuse(): void; purpose: string }[] = [];
    app.privacy.consent.onAsk((question) => void open.push(question));
    const both = [app.privacy.consent.ask("delivery"), app.privacy.consent.ask("marketing")];
    await vi.waitFor(() => expect(open).toHaveLength(1));
    open[0]!.refuse();
    await vi.waitFor(() => expect(open).toHaveLength(2));
    open[1]!.refuse();
    expect(await Promise.all(both)).toMatchObject([{ status: "refused" }, { status: "refused" }]);
  });

  it("go to the page registered last, and wait a moment for one that is coming up", async () => {
    const app = openMiniProgram({ declared: [] });
    const asking = app.privacy.consent.ask("delivery");
    await new Promise((resolve) => setTimeout(resolve, 50));
    app.privacy.consent.onAsk(() => expect.unreachable());
    app.privacy.consent.onAsk(({ agree }) => agree());
    expect(await asking).toMatchObject({ permitted: true });
  });

  it("PIPL-16: of a page that was left are refused when another page asks", async () => {
    const app = openMiniProgram({ declared: [] });
    const [shown, answered] = [
      vi.fn<(told?: unknown) => void>(),
      vi.fn<(told?: unknown) => void>(),
    ];
    const leave = app.privacy.consent.onAsk((question) => {
      shown();
      void question.answered.then(answered);
    });
    const first = app.privacy.consent.ask("delivery");
    await vi.waitFor(() => expect(shown).toHaveBeenCalled());
    leave();
    app.privacy.consent.onAsk(({ agree }) => agree());
    expect(await app.privacy.consent.ask("marketing")).toMatchObject({ permitted: true });
    expect(await first).toMatchObject({ status: "refused" });
    expect(answered).toHaveBeenCalledExactlyOnceWith(false);
  });

  it("are no answer of anybody's when their page was left before they came up", async () => {
    const app = openMiniProgram({ declared: [] });
    const leave = app.privacy.consent.onAsk(() => expect.unreachable());
    const asking = app.privacy.consent.ask("delivery");
    leave();
    await new Promise((resolve) => setTimeout(resolve, 50));
    app.privacy.consent.onAsk(() => expect.unreachable());
    expect(await asking).toMatchObject({ permitted: false, status: "unknown" });
    expect(app.server.posted).toEqual([]);
  });

  it("wait for their page while it is hidden, and come up with it", async () => {
    const app = openMiniProgram({ declared: [] });
    const handler = ({ agree }: { agree(): void }): void => agree();
    const hide = app.privacy.consent.onAsk(handler);
    const asking = app.privacy.consent.ask("delivery");
    hide();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    app.privacy.consent.onAsk(handler);
    expect(await asking).toMatchObject({ permitted: true });
  });

  it("do not wait for ever behind one on a page that was left", async () => {
    const app = openMiniProgram();
    const shown = vi.fn<(told?: unknown) => void>();
    const leave = app.privacy.consent.onAsk(shown);
    const first = app.privacy.consent.ask("delivery");
    const { onDialog } = app.privacy.platform;
    onDialog(({ refuse }) => refuse());
    await vi.waitFor(() => expect(shown).toHaveBeenCalled());
    const call = failure(app.host.wx.chooseImage());
    leave();
    app.privacy.consent.onAsk(() => undefined);
    expect(await call).toMatchObject({ errno: 104 });
    expect(await first).toMatchObject({ status: "refused" });
  });

  it("PIPL-16: for the same purpose do not wait for one on a page that was left", async () => {
    const app = openMiniProgram({ declared: [] });
    const shown = vi.fn<(told?: unknown) => void>();
    const leave = app.privacy.consent.onAsk(shown);
    const first = app.privacy.consent.ask("delivery");
    await vi.waitFor(() => expect(shown).toHaveBeenCalled());
    leave();
    app.privacy.consent.onAsk(({ agree }) => agree());
    const second = app.privacy.consent.require("delivery", { again: true });
    expect(await first).toMatchObject({ status: "refused" });
    expect(await second).toMatchObject({ permitted: true });
  });

  it("stay open while their page is only hidden", async () => {
    const app = openMiniProgram({ declared: [] });
    let agree: (() => void) | undefined;
    const handler = (question: { agree(): void }): void => void ({ agree } = question);
    const hide = app.privacy.consent.onAsk(handler);
    const asking = app.privacy.consent.ask("delivery");
    await vi.waitFor(() => expect(agree).toBeDefined());
    hide();
    app.privacy.consent.onAsk(handler);
    agree!();
    expect(await asking).toMatchObject({ permitted: true });
  });

  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("of the page");
      },
    ],
    ["rejects", () => Promise.reject(new Error("of the page"))],
  ])("PIPL-14: are refused when the page that shows them %s", async (_what, handler) => {
    const app = openMiniProgram({ declared: [] });
    app.privacy.consent.onAsk(handler);
    expect(await app.privacy.consent.ask("delivery")).toMatchObject({ status: "refused" });
    expect(await app.privacy.consent.ask("marketing")).toMatchObject({ status: "refused" });
  });

  it("without any page permit nothing and are nobody's answer, and said so once", async () => {
    const app = openMiniProgram({ declared: [] });
    for (const purpose of ["delivery", "marketing"])
      expect(await app.privacy.consent.ask(purpose)).toMatchObject({
        permitted: false,
        status: "unknown",
      });
    expect(app.warnings).toEqual(["dialog-missing"]);
    expect(app.server.posted).toEqual([]);
  });

  it("WX-4.4.3: none comes before somebody acts, nor a privacy interface or a call", async () => {
    const app = openMiniProgram();
    const { questions, dialogs } = answering(app, "agree");
    app.privacy.use(app.host.wx);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([questions, dialogs, app.host.calls, app.host.popups, app.server.calls]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
  });
});
