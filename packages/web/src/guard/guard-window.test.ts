import { createGuard, type GuardOptions } from "@miniprivacy/core/sensitive-data";
import { describe, expect, it } from "vitest";
import { guardBeacon } from "./guard-beacon.ts";
import { guardWindow } from "./guard-window.ts";
import {
  createRecordingWindow,
  type RecordingWindow,
  sendXhr,
} from "./recording-window.fixture.ts";

const ID = "11010519491231002X";
const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1MSJ9.c2lnbmF0dXJlLW9mLXRlc3Rz";
const URL = "https://shop.example/";
const SOCKET = "wss://shop.example/";
const stopped = expect.objectContaining({ code: "ERR_SENSITIVE_DATA_FOUND" });

const createModeGuard = (mode: GuardOptions["mode"]) =>
  createGuard({ profile: "tcmpp-strict", mode });

function form(value: string | Blob): FormData {
  const data = new FormData();
  data.set("note", value as Blob);
  return data;
}

function open(mode: GuardOptions["mode"]): RecordingWindow & { readonly putBack: () => void } {
  const recording = createRecordingWindow();
  return { ...recording, putBack: guardWindow(createModeGuard(mode), recording.window) };
}

describe("guardBeacon", () => {
  it.each<[string, string, BodyInit | undefined]>([
    ["an address", `${URL}?q=${ID}`, undefined],
    ["a text", URL, ID],
    ["URLSearchParams", URL, new URLSearchParams({ religion: "x" })],
    ["a form", URL, form(ID)],
    ["bytes", URL, new TextEncoder().encode(ID)],
    ["a buffer", URL, new TextEncoder().encode(ID).buffer],
    ["a file, which cannot be read at once,", URL, new Blob(["x"])],
    ["a form with a file", URL, form(new Blob(["x"]))],
  ])("TC-D6.2a: nothing leaves when %s holds what must not", (_what, url, body) => {
    const { window, left } = createRecordingWindow();
    expect(guardBeacon(createModeGuard("block"), window.navigator)(url, body)).toBe(false);
    expect(left).toEqual([]);
    expect(guardBeacon(createModeGuard("report"), window.navigator)(url, body)).toBe(true);
    expect(left).toEqual([{ by: "beacon", url, body }]);
  });

  it("TC-D6.2a: sends what is clean, and redacted text", () => {
    const { window, left } = createRecordingWindow();
    const send = guardBeacon(createModeGuard("redact"), window.navigator);
    for (const body of ["bread", form("bread"), new URLSearchParams("a=b"), ID, undefined])
      expect(send(URL, body)).toBe(true);
    expect(left.map(({ body }) => body)).toEqual([
      "bread",
      form("bread"),
      new URLSearchParams("a=b"),
      "1****************X",
      undefined,
    ]);
  });
});

describe("guardWindow", () => {
  it("TC-D6.2a: nothing leaves by what scripts of a page send by", async () => {
    const { window, left } = open("block");
    await expect(window.fetch(URL, { method: "POST", body: ID })).rejects.toEqual(stopped);
    expect(await sendXhr(window.XMLHttpRequest, ID)).toEqual(["error", "loadend"]);
    expect(window.navigator.sendBeacon(URL, ID)).toBe(false);
    expect(() => new window.WebSocket(SOCKET + ID)).toThrow(stopped);
    expect(() => new window.WebSocket(SOCKET, [ID])).toThrow(stopped);
    expect(left).toEqual([]);
    const socket = new window.WebSocket(SOCKET);
    for (const data of [ID, new TextEncoder().encode(ID), new Blob(["x"])])
      expect(() => socket.send(data)).toThrow(stopped);
    expect(left).toEqual([{ by: "socket", url: SOCKET, body: [] }]);
  });

  it("lets pass what is clean", async () => {
    const { window, left } = open("block");
    await window.fetch(URL, { method: "POST", body: "bread" });
    await sendXhr(window.XMLHttpRequest, "bread");
    window.navigator.sendBeacon(URL, "bread");
    new window.WebSocket(SOCKET, [TOKEN]).send("bread");
    expect(left.map(({ by, body }) => [by, body])).toEqual([
      ["fetch", "bread"],
      ["xhr", "bread"],
      ["beacon", "bread"],
      ["socket", [TOKEN]],
      ["socket", "bread"],
    ]);
  });

  it("puts everything back", async () => {
    const { window, left } = createRecordingWindow();
    const { sendBeacon } = window.navigator;
    const before = { ...window };
    const putBack = guardWindow(createModeGuard("block"), window);
    expect(window.fetch).not.toBe(before.fetch);
    putBack();
    expect(window).toEqual(before);
    expect(window.navigator.sendBeacon).toBe(sendBeacon);
    await window.fetch(URL, { method: "POST", body: ID });
    expect(left).toHaveLength(1);
  });

  it("adds nothing to a window that lacks something", () => {
    const { fetch } = createRecordingWindow().window;
    const window = { fetch };
    guardWindow(createModeGuard("block"), window)();
    expect(window).toEqual({ fetch });
  });
});
