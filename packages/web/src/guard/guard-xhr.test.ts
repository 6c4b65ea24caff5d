import { createGuard, type GuardOptions } from "@miniprivacy/core/sensitive-data";
import { describe, expect, it } from "vitest";
import { guardXhr, type Xhr } from "./guard-xhr.ts";
import { createRecordingWindow, type Left, sendXhr } from "./recording-window.fixture.ts";

const ID = "11010519491231002X";
const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1MSJ9.c2lnbmF0dXJlLW9mLXRlc3Rz";
const URL = "https://shop.example/";

function open(
  mode: GuardOptions["mode"],
  maxBytes?: number,
): { readonly Guarded: Xhr; readonly left: Left[] } {
  const { window, left } = createRecordingWindow();
  const limit = maxBytes === undefined ? {} : { maxBytes };
  const guard = createGuard({ profile: "tcmpp-strict", mode, ...limit });
  return { Guarded: guardXhr(guard, window.XMLHttpRequest), left };
}

function form(value: string | Blob, name = "note"): FormData {
  const data = new FormData();
  if (typeof value === "string") data.set(name, value);
  else data.set(name, value, "notes.txt");
  return data;
}

class XmlDocument {
  readonly [Symbol.toStringTag] = "XMLDocument";
}

type Body = () => XMLHttpRequestBodyInit | Document;
const BODIES: readonly (readonly [what: string, body: Body])[] = [
  ["a text", () => `号${ID}`],
  ["JSON with a field by name", () => '{"diagnosis":"flu"}'],
  ["URLSearchParams", () => new URLSearchParams({ religion: "x" })],
  ["bytes", () => new TextEncoder().encode(ID)],
  ["bytes that are no text", () => Uint8Array.of(255, 254, 0)],
  ["a buffer", () => new TextEncoder().encode(ID).buffer],
  ["a form", () => form(ID)],
  ["a form with a field by name", () => form("x", "religion")],
  ["a document", () => new XmlDocument() as unknown as Document],
];
const FILES: readonly (readonly [what: string, body: Body])[] = [
  ["a file", () => new Blob([`号${ID}`])],
  ["a file that is no text", () => new Blob([Uint8Array.of(255, 254, 0)])],
  ["a file in a form", () => form(new Blob([ID]))],
  ["the name of a file", () => new File(["x"], `${ID}.txt`)],
];

describe("guardXhr", () => {
  it.each(BODIES)("TC-D6.2a: nothing leaves when %s holds what must not", async (_what, body) => {
    const { Guarded, left } = open("block");
    expect(await sendXhr(Guarded, body())).toEqual(["error", "loadend"]);
    expect(left).toEqual([]);
  });

  it.each(FILES)(
    "TC-D6.2b: nothing is uploaded when %s holds what must not",
    async (_what, body) => {
      for (const mode of ["block", "redact"] as const) {
        const { Guarded, left } = open(mode);
        expect(await sendXhr(Guarded, body())).toEqual(["error", "loadend"]);
        expect(left).toEqual([]);
      }
    },
  );

  it("TC-D6.2a: nothing leaves by address or header", async () => {
    const { Guarded, left } = open("redact");
    for (const options of [
      { url: `${URL}?q=${ID}` },
      { headers: { "x-note": ID } },
      { headers: { authorization: ID } },
    ])
      expect(await sendXhr(Guarded, "x", options)).toEqual(["error", "loadend"]);
    expect(left).toEqual([]);
  });

  it("TC-D6.2a: stops what cannot wait for its file to be read", () => {
    const { Guarded, left } = open("block");
    const xhr = new Guarded();
    xhr.open("POST", URL, false);
    expect(() => xhr.send(new Blob(["x"]))).toThrow(
      expect.objectContaining({ name: "NetworkError" }),
    );
    xhr.open("POST", URL, false);
    xhr.send(form("bread"));
    expect(left).toMatchObject([{ url: URL }]);
  });

  it("TC-D6.2b: a file past the limit is stopped, and not read", async () => {
    const { Guarded, left } = open("block", 100);
    const large = new Blob(["a".repeat(101)]);
    let reads = 0;
    large.arrayBuffer = async () => (reads++, new ArrayBuffer(0));
    expect(await sendXhr(Guarded, large)).toEqual(["error", "loadend"]);
    expect(reads).toBe(0);
    expect(await sendXhr(Guarded, new Blob(["a".repeat(90)]))).toEqual(["load", "loadend"]);
    expect(left).toHaveLength(1);
  });

  it("sends what is clean as it is, files too, with what signs in", async () => {
    const bodies = [
      "bread",
      form("bread"),
      form(new Blob(["bread"])),
      new Blob(["bread"]),
      undefined,
      null,
    ];
    const headers = { authorization: `Bearer ${TOKEN}`, "x-a": "b" };
    for (const mode of ["block", "redact", "report"] as const) {
      const { Guarded, left } = open(mode);
      for (const body of bodies)
        expect(await sendXhr(Guarded, body, { headers })).toEqual(["load", "loadend"]);
      expect(left.map(({ body }) => body)).toEqual(bodies);
      expect(
        left.every(
          (one) => one.url === URL && one.headers!["authorization"] === headers.authorization,
        ),
      ).toBe(true);
    }
  });

  it("TC-D6.2a: redact sends text masked", async () => {
    const { Guarded, left } = open("redact");
    await sendXhr(Guarded, ID);
    await sendXhr(Guarded, new URLSearchParams({ religion: "x", a: "b" }));
    expect(left.map(({ body }) => body)).toEqual([
      "1****************X",
      new URLSearchParams("religion=*&a=b"),
    ]);
    expect(await sendXhr(Guarded, form(ID))).toEqual(["error", "loadend"]);
    expect(left).toHaveLength(2);
  });

  it("lets everything pass in report mode", async () => {
    const { Guarded, left } = open("report");
    for (const [, body] of [...BODIES, ...FILES]) await sendXhr(Guarded, body());
    expect(left).toHaveLength(BODIES.length + FILES.length);
  });

  it("sends nothing after an abort, and nothing of a request before", async () => {
    const { Guarded, left } = open("block");
    const xhr = new Guarded();
    xhr.open("POST", URL);
    xhr.send(new Blob(["first"]));
    xhr.abort();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(left).toEqual([]);
    xhr.open("POST", URL);
    xhr.send(new Blob(["another"]));
    xhr.open("POST", URL);
    xhr.setRequestHeader("x-note", ID);
    xhr.open("POST", `${URL}second`);
    const ended = new Promise((resolve) => xhr.addEventListener("loadend", resolve));
    xhr.send(new Blob(["second"]));
    await ended;
    expect(left).toMatchObject([{ url: `${URL}second`, headers: {} }]);
  });

  it("is of the given class, and fails as it does", () => {
    const { window } = createRecordingWindow();
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const xhr = new (guardXhr(guard, window.XMLHttpRequest))();
    expect(xhr).toBeInstanceOf(window.XMLHttpRequest);
    expect(() => xhr.send("x")).toThrow(expect.objectContaining({ name: "InvalidStateError" }));
  });
});
