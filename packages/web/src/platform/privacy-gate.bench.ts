import { createContext, runInContext } from "node:vm";
import { bench, describe } from "vitest";
import { bundle } from "../../../../test/support/bundle.ts";
import type * as MiniProgram from "../mini-program.ts";
import { POLICY } from "./mini-program.fixture.ts";

// As an app has it: bundled, in a context without a window.
const { code } = await bundle(
  `import * as all from "@miniprivacy/web/mini-program"; globalThis.loaded = all;`,
);
type Loaded = typeof MiniProgram;

function load(): Loaded {
  const context = createContext({ setTimeout, clearTimeout, console });
  runInContext(code, context);
  return context["loaded"] as Loaded;
}

interface Options {
  success(answer: object): void;
}
/** Answers at once: what is measured beside it is ours. */
const host = {
  getLocation: ({ success }: Options) => success({ latitude: 1, longitude: 2 }),
  getRandomValues: ({ success }: Options) => success({ randomValues: new ArrayBuffer(16) }),
  getStorage: ({ success }: Options) => success({}),
  setStorage: ({ success }: Options) => success({}),
  request: ({ success }: Options) =>
    success({
      statusCode: 200,
      data: { consents: [{ purpose: "delivery", status: "given" }] },
    }),
};
const open = ({ createPrivacyClient }: Loaded): MiniProgram.MiniProgramClient =>
  createPrivacyClient({
    host,
    endpoint: "https://shop.example/privacy",
    language: "en",
    policy: POLICY,
  });

const gated = open(load()).use(host as never) as {
  getLocation(options: object): Promise<object>;
};
const bare = (): Promise<object> => new Promise((success) => host.getLocation({ success }));

describe("a gated call", () => {
  bench("getLocation of the host", () => void bare());
  bench("the same awaited", async () => void (await bare()));
  bench("gated, permitted", async () => void (await gated.getLocation({ purpose: "delivery" })));
});

describe("start in a realm", () => {
  bench("load the bundle and open a client", () => void open(load()).use(host));
  bench("an empty bundle", () => void runInContext("0", createContext({})));
});
