/** What every host has beside the language itself. */
const HOST_NAMES = ["console", "setTimeout", "clearTimeout", "setInterval", "clearInterval"];

/** The language: names a mini-program finds whatever it runs in. */
const LANGUAGE_NAMES = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date
  Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError
  URIError JSON Math Intl ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array
  Int32Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map
  BigInt Set WeakMap WeakSet WeakRef FinalizationRegistry Proxy Reflect decodeURI
  decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN`.split(/\s+/),
);

/**
 * The names an app's code sees: the language, `console`, timers and what is provided. Every other
 * name of the real global object is there and `undefined`.
 */
export function createAppScope(provided: Readonly<Record<string, unknown>>): object {
  const scope: Record<string, unknown> = Object.create(null);
  for (const name of globalNames()) if (!LANGUAGE_NAMES.has(name)) scope[name] = undefined;
  for (const name of HOST_NAMES) scope[name] = hostFunction(name);
  Object.assign(scope, provided);
  scope["globalThis"] = scope["global"] = visibleGlobal(scope);
  return scope;
}

function globalNames(): readonly string[] {
  const names: string[] = [];
  for (let holder: object = globalThis; holder !== null; holder = Object.getPrototypeOf(holder))
    names.push(...Object.getOwnPropertyNames(holder));
  return names;
}

/** Browsers call timers on the global object only. */
function hostFunction(name: string): unknown {
  const value = (globalThis as unknown as Record<string, unknown>)[name];
  return typeof value === "function" ? value.bind(globalThis) : value;
}

function visibleGlobal(scope: Readonly<Record<string, unknown>>): object {
  const visible: Record<string, unknown> = {};
  for (const name of LANGUAGE_NAMES)
    visible[name] = (globalThis as unknown as Record<string, unknown>)[name];
  for (const name of Object.keys(scope)) if (scope[name] !== undefined) visible[name] = scope[name];
  return visible;
}
