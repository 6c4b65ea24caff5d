import { createGuard, type Finding, type GuardOptions } from "@miniprivacy/core/sensitive-data";
import { describe, expect, it } from "vitest";
import { answering, openMiniProgram } from "../platform/mini-program.fixture.ts";
import { createTestHost } from "../testing/test-host.ts";
import { guardHost } from "./guard-host.ts";
import {
  createRecordingHost,
  type RecordedWx,
  type RecordingHost,
} from "./recording-host.fixture.ts";

const ID = "11010519491231002X";
const MASKED = "1****************X";
const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1MSJ9.c2lnbmF0dXJlLW9mLXRlc3Rz";
const URL = "https://shop.example/orders";
const BYTES = new TextEncoder().encode(`号${ID}`).buffer;
const stopped = { code: "ERR_SENSITIVE_DATA_FOUND" };

interface Opened extends RecordingHost {
  readonly guarded: RecordedWx;
  readonly findings: Finding[];
}

function open(mode: GuardOptions["mode"], options: Partial<GuardOptions> = {}): Opened {
  const host = createRecordingHost();
  const findings: Finding[] = [];
  const onFinding = (finding: Finding): void => void findings.push(finding);
  const guard = createGuard({ profile: "tcmpp-strict", mode, onFinding, ...options });
  return { ...host, findings, guarded: guardHost(guard, host.wx) };
}

/** What a call that is asked for by options does. */
type Call = (wx: RecordedWx) => unknown;
const SENT: readonly (readonly [what: string, call: Call])[] = [
  ["an address", (wx) => wx.request({ url: `${URL}?q=${ID}` })],
  ["an encoded address", (wx) => wx.request({ url: `${URL}/%31${ID.slice(1)}` })],
  ["a field by name in an address", (wx) => wx.request({ url: `${URL}?religion=x` })],
  ["a header", (wx) => wx.request({ url: URL, header: { "x-note": ID } })],
  ["a header, as some hosts call it", (wx) => wx.request({ url: URL, headers: { "x-note": ID } })],
  ["data", (wx) => wx.request({ url: URL, data: { order: [{ note: `号${ID}` }] } })],
  ["a field by name", (wx) => wx.request({ url: URL, data: { diagnosis: "flu" } })],
  ["a text", (wx) => wx.request({ url: URL, data: JSON.stringify({ note: ID }) })],
  ["bytes", (wx) => wx.request({ url: URL, data: BYTES })],
  ["bytes that are no text", (wx) => wx.request({ url: URL, data: Uint8Array.of(255, 1).buffer })],
  ["where a file comes from", (wx) => wx.downloadFile({ url: `${URL}?id=${ID}` })],
  ["the address of a socket", (wx) => wx.connectSocket({ url: `wss://shop.example/${ID}` })],
  ["the one socket's message", (wx) => wx.sendSocketMessage({ data: ID })],
  [
    "a socket's message",
    (wx) => wx.connectSocket({ url: "wss://shop.example" }).send({ data: ID }),
  ],
  ["what is kept", (wx) => wx.setStorage({ key: "draft", data: { note: ID } })],
  ["what is kept under a name", (wx) => wx.setStorage({ key: "religion", data: "x" })],
  ["the key it is kept under", (wx) => wx.setStorage({ key: ID, data: 1 })],
  ["what is kept at once", (wx) => wx.batchSetStorage({ kvList: [{ key: "a", value: ID }] })],
  ["the clipboard", (wx) => wx.setClipboardData({ data: ID })],
  [
    "another mini-program's data",
    (wx) => wx.navigateToMiniProgram({ appId: "x", extraData: { ID } }),
  ],
  ["a cloud function's data", (wx) => wx.cloud.callFunction({ name: "save", data: { note: ID } })],
  ["a container's path", (wx) => wx.cloud.callContainer({ path: `/users/${ID}` })],
  ["a row of the database", (wx) => table(wx).add({ data: { note: ID } })],
  [
    "a new row",
    (wx) =>
      table(wx)
        .doc("1")
        .set({ data: { note: ID } }),
  ],
  [
    "a change of rows",
    (wx) =>
      table(wx)
        .where({ paid: true })
        .update({ data: { note: ID } }),
  ],
];
const UPLOADED: readonly (readonly [what: string, call: Call])[] = [
  ["the address", (wx) => wx.uploadFile({ url: `${URL}/${ID}`, filePath: "wxfile://a.png" })],
  ["the name of the file", (wx) => wx.uploadFile({ url: URL, filePath: `wxfile://${ID}.png` })],
  ["a field", (wx) => wx.uploadFile({ url: URL, filePath: "wxfile://a.png", formData: { a: ID } })],
  ["a header", (wx) => wx.uploadFile({ url: URL, filePath: "wxfile://a.png", header: { a: ID } })],
  ["a file of text", (wx) => wx.uploadFile({ url: URL, filePath: "wxfile://notes.txt" })],
  ["text that is none", (wx) => wx.uploadFile({ url: URL, filePath: "wxfile://broken.csv" })],
  ["a file that is not there", (wx) => wx.uploadFile({ url: URL, filePath: "wxfile://no.json" })],
  [
    "a path in the cloud",
    (wx) => wx.cloud.uploadFile({ cloudPath: `${ID}.png`, filePath: "wxfile://a.png" }),
  ],
  [
    "a file for the cloud",
    (wx) => wx.cloud.uploadFile({ cloudPath: "a", filePath: "wxfile://notes.txt" }),
  ],
];
const TOLD: readonly (readonly [what: string, call: Call])[] = [
  ["what is kept", (wx) => wx.setStorageSync("draft", { note: ID })],
  ["what is kept under a name", (wx) => wx.setStorageSync("religion", "x")],
  ["what is kept at once", (wx) => wx.batchSetStorageSync([{ key: "a", value: ID }])],
  ["an event", (wx) => wx.reportEvent("pay", { note: ID })],
  ["statistics", (wx) => wx.reportAnalytics("pay", { note: ID })],
  ["a query", (wx) => table(wx).where({ note: ID })],
  ["a row's id", (wx) => table(wx).doc(ID)],
];

function table(
  wx: RecordedWx,
): ReturnType<ReturnType<RecordedWx["cloud"]["database"]>["collection"]> {
  return wx.cloud.database().collection("orders");
}

function withFiles(host: Opened): Opened {
  host.files["wxfile://notes.txt"] = `号${ID}`;
  host.files["wxfile://broken.csv"] = Uint8Array.of(255, 254, 0);
  return host;
}

const last = ({ calls }: Opened): readonly unknown[] => calls.at(-1)!;

describe("guardHost", () => {
  it.each(SENT)("TC-D6.2a: nothing leaves when %s holds what must not", async (_what, call) => {
    const host = open("block");
    await expect(call(host.guarded)).rejects.toMatchObject(stopped);
    expect(host.calls.filter(([name]) => name !== "connectSocket")).toEqual([]);
    expect(JSON.stringify(host.calls)).not.toContain(ID);
  });

  it.each(UPLOADED)(
    "TC-D6.2b: nothing is uploaded when %s holds what must not",
    async (_what, call) => {
      const host = withFiles(open("block"));
      await expect(call(host.guarded)).rejects.toMatchObject(stopped);
      expect(host.calls).toEqual([]);
    },
  );

  it.each(TOLD)("TC-D6.2a: throws at once when %s holds what must not", (_what, call) => {
    const host = open("block");
    expect(() => call(host.guarded)).toThrow(expect.objectContaining(stopped));
    expect(host.calls).toEqual([]);
  });

  it("lets everything pass in report mode, and tells", async () => {
    for (const [, call] of [...SENT, ...UPLOADED, ...TOLD]) {
      const direct = withFiles(open("report"));
      const guarded = withFiles(open("report"));
      await call(direct.wx);
      await call(guarded.guarded);
      expect(guarded.calls).toEqual(direct.calls);
    }
  });

  it("lets pass what is clean, unchanged", async () => {
    const host = withFiles(open("block"));
    host.files["wxfile://clean.txt"] = "面包";
    const data = { item: "面包", price: 19.9 };
    const header = { authorization: `Bearer ${TOKEN}`, "x-a": "b" };
    await host.guarded.request({ url: URL, method: "POST", header, data });
    expect(last(host)).toEqual(["request", { url: URL, method: "POST", header, data }]);
    expect((last(host)[1] as { readonly data: unknown }).data).toBe(data);
    await host.guarded.uploadFile({ url: URL, name: "file", filePath: "wxfile://clean.txt" });
    await host.guarded.uploadFile({ url: URL, name: "file", filePath: "wxfile://photo.jpg" });
    host.guarded.setStorageSync("token", TOKEN);
    host.guarded.batchSetStorageSync([{ key: "a", value: { b: 1 } }]);
    host.guarded.reportEvent("pay", data);
    await table(host.guarded).where({ paid: true }).get();
    expect(host.calls.slice(1)).toEqual([
      ["uploadFile", { url: URL, name: "file", filePath: "wxfile://clean.txt" }],
      ["uploadFile", { url: URL, name: "file", filePath: "wxfile://photo.jpg" }],
      ["setStorageSync", "token", TOKEN],
      ["batchSetStorageSync", [{ key: "a", value: { b: 1 } }]],
      ["reportEvent", "pay", data],
      ['orders.where({"paid":true}).get', {}],
    ]);
  });

  it.each<[string, Call, readonly unknown[]]>([
    [
      "data",
      (wx) => wx.request({ url: URL, data: { note: `号${ID}`, a: 1 } }),
      ["request", { url: URL, data: { note: `号${MASKED}`, a: 1 } }],
    ],
    ["a text", (wx) => wx.sendSocketMessage({ data: ID }), ["sendSocketMessage", { data: MASKED }]],
    [
      "what is kept",
      (wx) => wx.setStorage({ key: "draft", data: { note: ID } }),
      ["setStorage", { key: "draft", data: { note: MASKED } }],
    ],
    [
      "what is kept under a name",
      (wx) => wx.setStorageSync("religion", "x"),
      ["setStorageSync", "religion", "*"],
    ],
    [
      "an event",
      (wx) => wx.reportEvent("pay", { note: ID }),
      ["reportEvent", "pay", { note: MASKED }],
    ],
    [
      "a row",
      (wx) => table(wx).add({ data: { note: ID } }),
      ["orders.add", { data: { note: MASKED } }],
    ],
  ])("TC-D6.2a: redact sends %s masked", async (_what, call, sent) => {
    const host = open("redact");
    await call(host.guarded);
    expect(host.calls).toEqual([sent]);
  });

  it.each([
    ...UPLOADED.filter(([what]) => what !== "a field"),
    ...SENT.filter(([what]) => /address|header|bytes|comes from|path|the key/.test(what)),
  ])("TC-D6.2b: redact stops what it cannot mask: %s", async (_what, call) => {
    const host = withFiles(open("redact"));
    await expect(call(host.guarded)).rejects.toMatchObject(stopped);
    expect(host.calls).toEqual([]);
  });

  it("TC-D6.2a: a stopped call fails as the host's own do, and gives a task that does nothing", async () => {
    const host = open("block");
    const told: [string, unknown][] = [];
    const failure = { ...stopped, errMsg: "request:fail ERR_SENSITIVE_DATA_FOUND" };
    await new Promise<void>((complete) => {
      const task = host.guarded.request({
        url: URL,
        data: ID,
        success: (result: unknown) => told.push(["success", result]),
        fail: (error: unknown) => told.push(["fail", error]),
        complete: (error: unknown) => (told.push(["complete", error]), complete()),
      }) as unknown as { abort(): void; onProgressUpdate(act: () => void): void };
      task.onProgressUpdate(() => undefined);
      task.abort();
    });
    expect(told).toMatchObject([
      ["fail", failure],
      ["complete", failure],
    ]);
    expect(String((told[0]![1] as Error).stack)).not.toContain(ID);
    host.guarded
      .connectSocket({ url: `wss://shop.example/${ID}` })
      .onOpen(() => told.push(["open", ""]));
    expect(told).toHaveLength(2);
    expect(host.calls).toEqual([]);
  });

  it("TC-D6.2a: what an interface gave is known again where it leaves", async () => {
    const fields = (place: unknown): object => {
      const { latitude, longitude } = place as {
        readonly latitude: number;
        readonly longitude: number;
      };
      return { url: URL, data: { p: [latitude, longitude] } };
    };
    const bring: readonly ((host: Opened) => Promise<object>)[] = [
      async ({ guarded }) => fields(await guarded.getLocation({ type: "gcj02" })),
      ({ guarded }) =>
        new Promise(
          (resolve) =>
            void guarded.getLocation({ success: (place: object) => resolve(fields(place)) }),
        ),
      ({ guarded, move }) =>
        new Promise((resolve) => {
          guarded.onLocationChange((place) => resolve(fields(place)));
          move({ latitude: 31.230416, longitude: 121.473701 });
        }),
      async ({ guarded }) => {
        const { data } = (await guarded.getClipboardData()) as { readonly data: string };
        return { url: URL, data: { note: data } };
      },
    ];
    for (const from of bring) {
      const host = open("block");
      const options = await from(host);
      const before = host.calls.length;
      await expect(host.guarded.request(options)).rejects.toMatchObject(stopped);
      expect(host.calls).toHaveLength(before);
      expect(host.findings.at(-1)).toMatchObject({ evidence: "provenance" });
      await open("block").guarded.request(options);
    }
  });

  it("TC-D6.2a: redact stops what no mask takes away", async () => {
    const host = open("redact");
    const { latitude } = (await host.guarded.getLocation()) as { readonly latitude: number };
    const circle: { self?: object } = {};
    circle.self = circle;
    for (const data of [{ at: latitude }, circle])
      await expect(host.guarded.request({ url: URL, data })).rejects.toMatchObject(stopped);
    expect(host.calls.map(([name]) => name)).toEqual(["getLocation"]);
  });

  it("an interface that fails gives nothing to know again", async () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const { wx, calls } = createRecordingHost();
    const getLocation = (options: { complete(error: object): void }): void =>
      options.complete({ errMsg: "getLocation:fail auth deny", errno: 103 });
    const guarded = guardHost(guard, { reportEvent: wx.reportEvent, getLocation });
    guarded.getLocation({ complete: (error) => guarded.reportEvent("failed", error) });
    expect(calls).toHaveLength(1);
  });

  it("a listener leaves as it came", () => {
    const { guarded, move } = open("block");
    const heard: object[] = [];
    const listener = (place: object): void => void heard.push(place);
    guarded.onLocationChange(listener);
    move({ latitude: 1.5 });
    guarded.offLocationChange(listener);
    guarded.offLocationChange(() => undefined);
    move({ latitude: 2.5 });
    expect(heard).toEqual([{ latitude: 1.5 }]);
  });

  it("WC-3.13a: a phone number that is captured is told of, and stopped where the contract says so", async () => {
    const host = open("block");
    const options = { url: URL, data: { phone: "13800138000" } };
    await host.guarded.request(options);
    expect(host.findings).toMatchObject([{ category: "contact.phone" }]);
    expect(host.calls).toHaveLength(1);
    const strict = open("block", { profile: { extend: "tcmpp-strict", block: ["contact.phone"] } });
    await expect(strict.guarded.request(options)).rejects.toMatchObject(stopped);
    expect(strict.calls).toEqual([]);
  });

  it("TC-D6.2a: signs in, and only that, by headers and stored texts named so", async () => {
    const host = open("block");
    await expect(
      host.guarded.request({ url: URL, header: { authorization: ID } }),
    ).rejects.toMatchObject(stopped);
    await expect(
      host.guarded.request({ url: URL, header: { "x-note": TOKEN } }),
    ).rejects.toMatchObject(stopped);
    expect(() => host.guarded.setStorageSync("token", ID)).toThrow(
      expect.objectContaining(stopped),
    );
    expect(() => host.guarded.setStorageSync("note", TOKEN)).toThrow(
      expect.objectContaining(stopped),
    );
    expect(() => host.guarded.setStorageSync("token", { a: TOKEN })).toThrow(
      expect.objectContaining(stopped),
    );
    expect(host.calls).toEqual([]);
  });

  it("TC-D6.2a: a guard that fails lets nothing through", async () => {
    const inspect = (): never => {
      throw new Error("of the guard");
    };
    const { wx, calls } = createRecordingHost();
    const broken = (mode: "block" | "report"): RecordedWx =>
      guardHost({ ...createGuard({ profile: "tcmpp-strict", mode }), inspect }, wx);
    await expect(broken("block").request({ url: URL })).rejects.toMatchObject({
      ...stopped,
      detail: "unfinished",
    });
    expect(calls).toEqual([]);
    await broken("report").request({ url: URL });
    expect(calls).toHaveLength(1);
  });

  it("stands before any host, and leaves it as it is", async () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const { wx, calls } = createRecordingHost();
    class Host {
      readonly #wx = wx;
      request(options: object): unknown {
        return this.#wx.request(options);
      }
    }
    const frozen = Object.freeze({ ...wx });
    for (const host of [frozen, new Proxy(frozen, { set: () => false }), new Host()]) {
      const guarded = guardHost(guard, host);
      await expect(guarded.request({ url: URL, data: ID })).rejects.toMatchObject(stopped);
      await guarded.request({ url: URL });
    }
    const late: { request?: RecordedWx["request"]; cloud?: RecordedWx["cloud"] } = {};
    const guarded = guardHost(guard, late);
    expect([guarded.request, guarded.cloud]).toEqual([undefined, undefined]);
    Object.assign(late, { request: wx.request, cloud: wx.cloud });
    await expect(guarded.request!({ url: URL, data: ID })).rejects.toMatchObject(stopped);
    await expect(guarded.cloud!.callFunction({ data: ID })).rejects.toMatchObject(stopped);
    expect(calls.map(([name]) => name)).toEqual(["request", "request", "request"]);
  });

  it("takes a task that comes by a promise", async () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const { wx, calls } = createRecordingHost();
    const taro = { connectSocket: async (options: object) => wx.connectSocket(options) };
    const task = await guardHost(guard, taro).connectSocket({ url: "wss://shop.example" });
    await expect(task.send({ data: ID })).rejects.toMatchObject(stopped);
    await task.send({ data: "x" });
    expect(calls.map(([name]) => name)).toEqual(["connectSocket", "task.send"]);
  });

  it("TC-D6.2a: works behind the gate, with what a host for tests gives", async () => {
    const sent: unknown[] = [];
    const app = openMiniProgram({
      results: { getLocation: { latitude: 39.908823, longitude: 116.39747 } },
    });
    answering(app, "agree");
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const { wx } = createTestHost({
      answer: async (request) => (sent.push(request), { statusCode: 200, data: {} }),
    });
    const gated = app.privacy.use(guardHost(guard, app.host.wx));
    const { latitude } = (await gated.getLocation({ purpose: "delivery" })) as { latitude: number };
    const failure = await new Promise((fail) =>
      guardHost(guard, wx).request({ url: URL, data: { at: latitude }, fail, success: fail }),
    );
    expect(failure).toMatchObject(stopped);
    expect(sent).toEqual([]);
  });
});
