import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createContext, runInContext, type Context } from "node:vm";
import { transformSync } from "esbuild";
import { getBrowsersList, getPolyfillInfo } from "miniprogram-compat";

const require = createRequire(import.meta.url);
/** Which browser has which feature of the language since when. */
const SINCE = require("core-js-compat/data.json") as {
  readonly [module: string]: { readonly [browser: string]: string };
};

export interface RealmOptions {
  /** The base library whose oldest phones this is. */
  readonly libVersion: string;
  /** What the app finds as `wx`. */
  readonly wx: object;
  /** What else the platform has put there, e.g. `Component` (nothing). */
  readonly globals?: object;
  /** Promises that settle in tasks of their own, as on iOS up to 15 (false). */
  readonly macrotasks?: boolean;
}

/** JavaScript as the oldest phones of a base library have it: no window, no eval, no newer built-in. */
export interface Realm {
  /** Runs a CommonJS file and what it requires. */
  require(file: string): Record<string, never>;
  /** Names of built-ins that were taken out. */
  readonly missing: readonly string[];
}

export function createRealm({
  libVersion,
  wx,
  globals = {},
  macrotasks = false,
}: RealmOptions): Realm {
  const { setTimeout, clearTimeout, console } = globalThis;
  const context = createContext(
    { setTimeout, clearTimeout, console, wx, ...globals },
    { codeGeneration: { strings: false, wasm: false } },
  );
  const missing = takeOut(context, missingFeatures(libVersion));
  const loaded = new Map<string, { exports: Record<string, never> }>();

  function load(file: string): Record<string, never> {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as Record<string, never> };
    loaded.set(file, module);
    const code = readFileSync(file, "utf8");
    // Without native promises there are no async functions either: DevTools compiles them away.
    const run = macrotasks ? transformSync(code, { target: "es2016" }).code : code;
    const wrapped = `(function (module, exports, require) {${run}\n})`;
    const evaluate = runInContext(wrapped, context, { filename: file }) as (
      ...args: unknown[]
    ) => void;
    evaluate(module, module.exports, (path: string) =>
      load(join(dirname(file), path.endsWith(".js") ? path : `${path}.js`)),
    );
    return module.exports;
  }
  if (macrotasks) {
    context["Promise"] = load(require.resolve("promise-polyfill"));
    loaded.clear();
  }
  return { require: load, missing };
}

/** Features that some phone of a base library lacks and the library does not bring along. */
function missingFeatures(libVersion: string): readonly string[] {
  const browsers = getBrowsersList(libVersion)!.map((each) => each.split(" "));
  const brought = new Set(getPolyfillInfo(libVersion)!.coreJsModules);
  return Object.entries(SINCE)
    .filter(([module]) => module.startsWith("es.") && !brought.has(module) && !FAULTY.has(module))
    .filter(([, since]) =>
      browsers.some(([browser, version]) => !(Number(since[browser!]) <= Number(version))),
    )
    .map(([module]) => module);
}

/** On these phones since ever, though with a fault in some rare case. */
const FAULTY = new Set([
  "es.array.includes",
  "es.array.push",
  "es.array.unshift",
  "es.number.to-exponential",
]);

/** No core-js module: what no polyfill can bring. */
const SYNTAX_BOUND = [
  "BigInt",
  "BigInt64Array",
  "BigUint64Array",
  "WeakRef",
  "FinalizationRegistry",
];
const NOT_OF_PHONES = ["WebAssembly", "SharedArrayBuffer", "Atomics"];

function takeOut(context: Context, modules: readonly string[]): readonly string[] {
  const names = [...SYNTAX_BOUND, ...NOT_OF_PHONES, ...modules.map(pathOf)];
  return runInContext(
    `(function (names) { return names.filter(function (name) {
      var parts = name.split('.'), last = parts.pop(), holder = this;
      for (var i = 0; i < parts.length; i++) holder = holder && holder[parts[i]];
      return holder && Object.prototype.hasOwnProperty.call(holder, last) && delete holder[last];
    }, this); })`,
    context,
  )(names.flatMap((name) => [name, name.replace(/^(\w+)\./, "$1.prototype.")]));
}

/** `es.array.flat-map` → `Array.flatMap`, `es.global-this` → `globalThis`. */
function pathOf(module: string): string {
  const [, holder = "", ...rest] = module.split(".");
  const camel = (text: string): string =>
    text.replace(/-(\w)/g, (_all, c: string) => c.toUpperCase());
  const pascal = (text: string): string => camel(`-${text}`);
  if (module === "es.global-this") return "globalThis";
  return [pascal(holder), ...rest.map(camel)].join(".");
}
