import type { WeixinPrivacyKey } from "@miniprivacy/core/policy";
import { hostError } from "../platform/call-host.ts";
import {
  type PrivacyInterfaceName,
  WEIXIN_PRIVACY_INTERFACES,
  WEIXIN_SCOPES,
} from "../platform/weixin-privacy-interfaces.ts";
import { type HostCallbacks, respond } from "./respond.ts";
import { createTestNetwork, type TestRequest, type TestResponse } from "./test-network.ts";
import { createPermissions } from "./test-permissions.ts";
import { createPrivacyFlow, type PrivacyFlow, type PrivacyListener } from "./test-privacy-flow.ts";
import { lookUp, storageKey, type StorageCall, store, type TestStorage } from "./test-storage.ts";

export interface TestHostOptions {
  /** The base library (`"3.8.0"`). Below 2.32.3 there is no privacy API and no gate. */
  readonly libVersion?: string;
  /** Kinds of information that the privacy guide declares (all that have an interface, and the phone number). */
  readonly declared?: readonly WeixinPrivacyKey[];
  /** The interfaces were taken back (false). */
  readonly isBanned?: boolean;
  /** What the person does with the platform's own popup, which comes when nobody listens (agrees). */
  readonly officialPopup?: () => "agree" | "disagree" | Promise<"agree" | "disagree">;
  /** What the person does with a permission popup (permits). */
  readonly permission?: (scope: string) => boolean;
  /** What interfaces give, by name (`{}`). */
  readonly results?: { readonly [name: string]: object };
  /** Answers calls of `request` (there is no network). */
  readonly answer?: (request: TestRequest) => Promise<TestResponse>;
  /** What was left by a host before (nothing). */
  readonly storage?: TestStorage;
  /** Epoch milliseconds (`Date.now`). */
  readonly now?: () => number;
}

type TestFunction = (options?: object) => Promise<object> | undefined;

/** What of `wx` there is: every privacy interface, and what the SDK uses. */
export type TestWx = { readonly [Name in PrivacyInterfaceName]: TestFunction } & {
  readonly authorize: TestFunction;
  readonly request: (options: object) => object;
  readonly getRandomValues: TestFunction;
  readonly getStorage: TestFunction;
  readonly setStorage: TestFunction;
  readonly removeStorage: TestFunction;
  readonly getStorageSync: (key: string) => unknown;
  readonly setStorageSync: (key: string, data: unknown) => void;
  readonly getSetting: TestFunction;
  readonly openSetting: TestFunction;
  readonly login: TestFunction;
  readonly canIUse: (name: string) => boolean;
  readonly onNetworkStatusChange: (listener: (status: object) => void) => void;
  readonly onAppShow: (listener: (options: object) => void) => void;
  readonly onAppHide: (listener: (options: object) => void) => void;
  readonly getRecorderManager: () => {
    start(options?: object): void;
    onError(listener: (error: object) => void): void;
  };
  readonly createMapContext: (id: string) => { moveToLocation: TestFunction };
  /** From base library 2.32.3 on; by callbacks only. */
  readonly getPrivacySetting?: (options?: object) => undefined;
  readonly requirePrivacyAuthorize?: (options?: object) => undefined;
  readonly openPrivacyContract?: (options?: object) => undefined;
  readonly onNeedPrivacyAuthorization?: (listener: PrivacyListener) => void;
};

export interface TestHost<Wx extends object = TestWx> {
  readonly wx: Wx;
  /** The privacy interfaces that were called, in order, whatever became of it. */
  readonly calls: readonly string[];
  /** Popups the platform has shown: `privacy-guide`, or a scope. */
  readonly popups: readonly string[];
  readonly storage: TestStorage;
  /** A tap on `<button open-type="agreePrivacyAuthorization" id="…">`. */
  tapAgree(buttonId: string): void;
  /** A tap on a button of another open-type; gives its event's detail. */
  tapOpenType(type: string): Promise<object>;
  /** Adds a kind of information to the privacy guide. */
  declare(key: WeixinPrivacyKey): void;
  /** The person deletes the mini-program from those recently used. */
  clearAuthorization(): void;
  setOnline(isOnline: boolean): void;
  /** Five seconds in the background. */
  suspend(): void;
  resume(): void;
}

const SCOPE_OF: { readonly [key: string]: string } = Object.fromEntries(
  Object.entries(WEIXIN_SCOPES).map(([scope, key]) => [key, scope]),
);
const EXCEPTIONAL_SCOPES: { readonly [name: string]: string } = {
  getLocation: "scope.userLocation",
  startLocationUpdate: "scope.userLocation",
  startLocationUpdateBackground: "scope.userLocationBackground",
  getFuzzyLocation: "scope.userFuzzyLocation",
};

/**
 * A `wx` for tests that behaves as the documents of Weixin say, and is no kinder: the last listener counts, calls wait
 * for `resolve`, an agree button must have been tapped, ten seconds pass after a refusal, undeclared information is
 * errno 112, old base libraries have no gate.
 *
 * @example
 * const host = createTestHost<WechatMiniprogram.Wx>({ declared: ['Location'], answer: (request) => server(request) })
 * const privacy = createPrivacyClient({ host: host.wx, endpoint: '/privacy', language: 'zh-CN' })
 */
export function createTestHost<Wx extends object = TestWx>(
  options: TestHostOptions = {},
): TestHost<Wx> {
  const { results = {}, storage = new Map(), now = Date.now, libVersion = "3.8.0" } = options;
  const { declared = ALL_KEYS, isBanned = false, officialPopup = () => "agree" } = options;
  const { permission = () => true, answer = () => Promise.reject(new Error("no network")) } =
    options;
  const calls: string[] = [];
  const popups: string[] = [];
  const network = createTestNetwork(answer);
  const permissions = createPermissions(permission, popups);
  const listeners = {
    network: new Set<Listener>(),
    show: new Set<Listener>(),
    hide: new Set<Listener>(),
  };
  const tell = (kind: keyof typeof listeners, status: object = {}): void =>
    listeners[kind].forEach((listener) => listener(status));
  const hasPrivacyApi = isAtLeast(libVersion, "2.32.3");
  const flow = createPrivacyFlow({ declared, isBanned, officialPopup, now }, popups);

  async function pass(name: string, key: WeixinPrivacyKey, scope?: string): Promise<object> {
    calls.push(name);
    if (hasPrivacyApi) await flow.pass(name, key);
    permissions.pass(name, scope);
    return results[name] ?? {};
  }

  const privacyInterfaces = Object.fromEntries(
    Object.entries(WEIXIN_PRIVACY_INTERFACES).map(([name, key]) => [
      name,
      (given: object = {}) =>
        respond(name, given, () => pass(name, key, EXCEPTIONAL_SCOPES[name] ?? SCOPE_OF[key])),
    ]),
  );
  const wx = {
    ...privacyInterfaces,
    authorize: (given: HostCallbacks & { scope?: string } = {}) =>
      respond("authorize", given, async () => {
        const key = WEIXIN_SCOPES[given.scope ?? ""];
        return key === undefined ? {} : pass("authorize", key, given.scope);
      }),
    ...storageFunctions(storage),
    ...networkFunctions(network.send),
    getRandomValues: (given: HostCallbacks & { length?: number } = {}) =>
      respond("getRandomValues", given, () => ({
        randomValues: crypto.getRandomValues(new Uint8Array(given.length ?? 0)).buffer,
      })),
    getSetting: (given: object = {}) =>
      respond("getSetting", given, () => ({ authSetting: { ...permissions.authSetting } })),
    openSetting: (given: object = {}) =>
      respond("openSetting", given, () => ({ authSetting: { ...permissions.authSetting } })),
    login: (given: object = {}) => respond("login", given, () => ({ code: "test-login-code" })),
    canIUse: (name: string) => name in wx,
    onNetworkStatusChange: (listener: Listener) => void listeners.network.add(listener),
    onAppShow: (listener: Listener) => void listeners.show.add(listener),
    onAppHide: (listener: Listener) => void listeners.hide.add(listener),
    getRecorderManager: () => recorder(() => pass("start", "Record", "scope.record")),
    createMapContext: () => ({
      moveToLocation: (given: object = {}) =>
        respond("moveToLocation", given, () =>
          pass("moveToLocation", "Location", "scope.userLocation"),
        ),
    }),
    ...(hasPrivacyApi && privacyFunctions(flow)),
  };
  return {
    wx: wx as unknown as Wx,
    calls,
    popups,
    storage,
    tapAgree: flow.tap,
    async tapOpenType(type) {
      const key = KEY_OF_BUTTON[type];
      try {
        if (key !== undefined && hasPrivacyApi) await flow.pass(`button.${type}`, key);
        return { errMsg: `${type}:ok`, ...results[type] };
      } catch (error) {
        const { errMsg, errno } = error as { errMsg: string; errno?: number };
        return { errMsg, ...(errno !== undefined && { errno }) };
      }
    },
    declare: flow.declare,
    clearAuthorization: flow.forget,
    setOnline(isConnected) {
      network.setOnline(isConnected);
      tell("network", { isConnected, networkType: isConnected ? "wifi" : "none" });
    },
    suspend() {
      tell("hide");
      network.suspend();
    },
    resume() {
      network.resume();
      tell("show");
    },
  };
}

type Listener = (status: object) => void;

const ALL_KEYS: readonly WeixinPrivacyKey[] = [
  ...new Set(Object.values(WEIXIN_PRIVACY_INTERFACES)),
  "PhoneNumber",
];

const KEY_OF_BUTTON: { readonly [type: string]: WeixinPrivacyKey } = {
  getPhoneNumber: "PhoneNumber",
  getRealtimePhoneNumber: "PhoneNumber",
  chooseAvatar: "UserInfo",
};

function privacyFunctions(flow: PrivacyFlow): object {
  return {
    getPrivacySetting: (given: object = {}) =>
      respond(
        "getPrivacySetting",
        given,
        () => ({
          needAuthorization: flow.needsAuthorization(),
          privacyContractName: "《测试小程序隐私保护指引》",
        }),
        "callbacks",
      ),
    requirePrivacyAuthorize: (given: object = {}) =>
      respond(
        "requirePrivacyAuthorize",
        given,
        async () => {
          await flow.passAll("requirePrivacyAuthorize");
          return {};
        },
        "callbacks",
      ),
    openPrivacyContract: (given: object = {}) =>
      respond("openPrivacyContract", given, () => ({}), "callbacks"),
    onNeedPrivacyAuthorization: flow.listen,
  };
}

function storageFunctions(storage: TestStorage): object {
  return {
    getStorage: (given: HostCallbacks & StorageCall = {}) =>
      respond("getStorage", given, () => lookUp(storage, "getStorage", given)),
    setStorage: (given: HostCallbacks & StorageCall = {}) =>
      respond("setStorage", given, () => store(storage, "setStorage", given)),
    removeStorage: (given: HostCallbacks & StorageCall = {}) =>
      respond("removeStorage", given, () => (storage.delete(storageKey(given)), {})),
    getStorageSync: (key: string) => (storage.has(key) ? lookUp(storage, "", { key }).data : ""),
    setStorageSync: (key: string, data: unknown) =>
      void store(storage, "setStorageSync", { key, data }),
  };
}

interface RequestCall extends HostCallbacks {
  readonly url: string;
  readonly method?: string;
  readonly header?: { readonly [name: string]: string };
  readonly data?: unknown;
}

/** `request` answers by callbacks only, and gives a task; whatever the status is, it is a success. */
function networkFunctions(
  send: (name: string, request: TestRequest) => Promise<TestResponse>,
): object {
  return {
    request({ url, method = "GET", header = {}, data, ...callbacks }: RequestCall) {
      if (!/^https?:\/\//.test(url))
        void respond(
          "request",
          callbacks,
          () => Promise.reject(hostError("request:fail invalid url")),
          "callbacks",
        );
      else {
        const text = typeof data === "string" || data === undefined ? data : JSON.stringify(data);
        const sent = { url, method, header, ...(text !== undefined && { data: text }) };
        void respond(
          "request",
          callbacks,
          async () => ({ header: {}, ...(await send("request", sent)) }),
          "callbacks",
        );
      }
      return { abort: () => undefined };
    },
  };
}

function recorder(start: () => Promise<object>): object {
  let fail: Listener | undefined;
  return {
    start: () => void start().catch((error: object) => fail?.(error)),
    onError: (listener: Listener) => void (fail = listener),
  };
}

function isAtLeast(version: string, least: string): boolean {
  const parts = (text: string): readonly number[] => text.split(".").map(Number);
  const [own, wanted] = [parts(version), parts(least)];
  const different = wanted.findIndex((part, i) => own[i] !== part);
  return different < 0 || own[different]! > wanted[different]!;
}
