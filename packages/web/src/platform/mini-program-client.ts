import type { ClientPolicy, Language, Policy, PurposeId } from "@miniprivacy/core/policy";
import type { ClientStorage } from "../consent/client-storage.ts";
import type {
  AskedConsent,
  AskOptions,
  ConsentClient,
  ConsentPrompt,
  ShownNotice,
} from "../consent/consent-client.ts";
import type { Transport } from "../http/transport.ts";
import type { PageHost, Warn } from "../page-host.ts";
import { openClient, type PrivacyClient } from "../privacy-client.ts";
import { privacyError } from "../privacy-error.ts";
import type { RandomBytes } from "../random-id.ts";
import { isText } from "../text.ts";
import { type HostObject, hostMethod } from "./call-host.ts";
import {
  type ConsentQuestion,
  createDialogHandlers,
  createDialogs,
  type DialogHandler,
  type PlatformQuestion,
} from "./dialogs.ts";
import type { GatedHost } from "./gated-host.ts";
import { hostRandomBytes } from "./host-random.ts";
import { hostStorage } from "./host-storage.ts";
import { requestTransport } from "./host-transport.ts";
import { createPlatformAgreement } from "./platform-agreement.ts";
import { createPrivacyGate } from "./privacy-gate.ts";

export interface MiniProgramClientOptions {
  /** `wx`, `tt`, `ks`, `my`, `swan`, `qq`, `Taro`, `uni`, or a container's object. Nothing else of the host is used. */
  readonly host: HostObject;
  /** Where the endpoints are, e.g. `https://shop.example/privacy`; a path with a cloud transport. */
  readonly endpoint: string;
  readonly language: Language;
  /** What `miniprivacy build --client` wrote: purposes and categories without a network (fetched when needed). */
  readonly policy?: ClientPolicy;
  /** Sent with every call, e.g. the session (none). */
  readonly headers?: () =>
    | { readonly [name: string]: string }
    | Promise<{ readonly [name: string]: string }>;
  /** How calls leave the device (the host's `request`). */
  readonly transport?: Transport;
  /** Where decisions wait for a network (the host's storage). */
  readonly storage?: ClientStorage;
  /** Whose client this is, where people share a device; never a phone number (all share one). */
  readonly account?: string;
  /** How long after a refusal `ask` does not ask again, in milliseconds (86,400,000: a day). @see REG-22 */
  readonly coolDownMs?: number;
  /** Random bytes (the host's `getRandomValues`). */
  readonly random?: RandomBytes;
  /** The device's clock, epoch milliseconds (`Date.now`). */
  readonly now?: () => number;
  /** Told what works less well than it should, once each (a line on the console). */
  readonly onWarning?: Warn;
}

export interface MiniProgramConsentClient<Purpose extends string> extends ConsentClient<Purpose> {
  /**
   * Shows the questions: of those registered the last one is asked, the components register themselves. Without any a
   * question counts as refused, and `onWarning` gets `dialog-missing`.
   *
   * @returns ends it
   */
  onAsk(handler: DialogHandler<ConsentQuestion<Purpose>>): () => void;
}

/** The platform's own question, beside ours. */
export interface PlatformClient {
  /**
   * Shows the platform's question in place of its popup. From the first handler on the platform asks us; it is answered
   * in any case.
   *
   * @returns ends it
   */
  onDialog(handler: DialogHandler<PlatformQuestion>): () => void;
  /** Opens the privacy guide. @throws what the host fails with */
  openContract(): Promise<void>;
}

export interface MiniProgramClient<P extends Policy = Policy> extends PrivacyClient<PurposeId<P>> {
  readonly consent: MiniProgramConsentClient<PurposeId<P>>;
  readonly platform: PlatformClient;
  /** Once purposes and categories are at hand. @throws PrivacyError when they cannot be fetched; looked at again, it tries again */
  readonly ready: Promise<void>;
  /** The text that `ask` would show, without a question. */
  notice(purpose: PurposeId<P>): Promise<ShownNotice<PurposeId<P>>>;
  /**
   * The host object with a purpose before each privacy interface: `use(wx).getLocation({ purpose: 'delivery' })` asks for
   * the consent where it must, lets the platform ask, and calls the interface; without a yes nothing is called.
   *
   * Callbacks and promises are as with the host. The host object itself stays as it is.
   */
  use<Host extends object>(host: Host): GatedHost<Host, P>;
}

/**
 * The SDK in a mini-program: consent, gate, "my data". Put it where components find it: `App({ privacy })`.
 *
 * Asks nothing and takes nothing before somebody acts.
 *
 * @example
 * const { createPrivacyClient } = require('@miniprivacy/web')
 * const privacy = createPrivacyClient({ host: wx, endpoint: 'https://shop.example/privacy', language: 'zh-CN' })
 * App({ privacy })
 */
export function createPrivacyClient<P extends Policy = Policy>(
  options: MiniProgramClientOptions,
): MiniProgramClient<P> {
  const { host, language, endpoint } = options;
  const {
    now = Date.now,
    onWarning: warn = warnOnConsole,
    random = hostRandomBytes(host),
    storage = hostStorage(host),
    transport = requestTransport(host),
  } = options;
  const questions = createDialogHandlers<ConsentQuestion<PurposeId<P>>>();
  const platformQuestions = createDialogHandlers<PlatformQuestion>();
  const askedFrom = new Map<string, DialogHandler<ConsentQuestion<PurposeId<P>>> | undefined>();
  const dialogs = createDialogs(warn);
  const agreement = createPlatformAgreement({
    host,
    language,
    dialogs,
    handlers: platformQuestions,
    now,
  });

  // Requirement WX-4.4.2a, WX-4.4.3: one tap agrees to the platform's guide and gives our consent, and the record says so.
  const prompt: ConsentPrompt<PurposeId<P>> = async (notice, statement) => {
    const asksPlatform = (await agreement.isNeeded()) === true;
    // Unknown, it is not asked, and a grant that lacks it is refused by the server.
    const asksAge = await client.policy().then(
      ({ asksAge }) => asksAge === true,
      () => false,
    );
    const answer = await dialogs.open({
      handlers: questions,
      content: { ...notice, asksPlatform, asksAge },
      from: askedFrom.get(notice.purpose),
    });
    // Requirement TC-D6.1: the age goes with the yes; the server refuses who is too young.
    if (answer.ageBand !== undefined) statement.ageBand = answer.ageBand;
    if (asksPlatform && answer.agreed && answer.buttonId !== undefined) {
      agreement.answer(answer);
      statement.platformAgreement = "same-act";
    }
    return answer.agreed ? "given" : "refused";
  };

  const [client, call] = openClient<PurposeId<P>>({
    ...options,
    host: pageHost(host),
    prompt: Object.assign(prompt, { surface: "mini-program" }),
    now,
    onWarning: warn,
    random,
    storage,
    transport: options.policy ? withPolicy(transport, endpoint, options.policy) : transport,
  });
  const { consent } = client;
  const asking = new Map<string, Promise<unknown>>();
  /** A question for the same purpose that is open on a page that was left answers nobody here. */
  async function ask(purpose: PurposeId<P>, options?: AskOptions): Promise<AskedConsent> {
    if (dialogs.refuseLeft()) await asking.get(purpose);
    askedFrom.set(purpose, questions.last());
    const asked = consent.ask(purpose, options);
    const ended = asked.then(
      () => undefined,
      () => undefined,
    );
    asking.set(purpose, ended);
    return asked;
  }
  let withdrawn: Promise<unknown> = Promise.resolve();
  const gate = createPrivacyGate({
    policy: () => client.policy(),
    ask: async (purpose) => (await withdrawn, ask(purpose)),
    status: async (purpose) => (await withdrawn, consent.status(purpose)),
    agreement,
    now,
  });
  consent.watch(gate.forget);

  return {
    ...client,
    consent: {
      ...consent,
      ask,
      async require(purpose, options) {
        const asked = await ask(purpose, options);
        if (!asked.permitted) throw privacyError("ERR_CONSENT_MISSING");
        return asked;
      },
      // Requirement WX-4.4.4d: it counts before the server has answered.
      withdraw(purpose) {
        gate.forget();
        const decided = consent.withdraw(purpose);
        withdrawn = decided.catch(() => undefined);
        return decided;
      },
      onAsk: questions.register,
    },
    platform: {
      onDialog(handler) {
        const end = platformQuestions.register(handler);
        agreement.listen();
        return end;
      },
      openContract: agreement.openContract,
    },
    async notice(purpose) {
      const path = `/notice?language=${language}&purposes=${encodeURIComponent(purpose)}`;
      const { text } = await call<{ text?: unknown }>("GET", path);
      if (!isText(text)) throw privacyError("ERR_STORE_UNAVAILABLE");
      return { purpose, text, language };
    },
    get ready() {
      return client.policy().then(() => undefined);
    },
    use: <Host extends object>(host: Host) => gate.before(host) as GatedHost<Host, P>,
  };
}

const warnOnConsole: Warn = ({ code }) => {
  // oxlint-disable-next-line no-console -- a developer of the app is told
  console.warn(`miniprivacy: ${code}`);
};

/** What a page has and a mini-program's host gives in other ways. */
function pageHost(host: HostObject): PageHost & {
  fetch(): Promise<never>;
  readonly crypto: { getRandomValues(): never };
} {
  const unused = (): never => {
    throw new Error("not of a mini-program");
  };
  return {
    fetch: async () => unused(),
    crypto: { getRandomValues: unused },
    setTimeout: (act, ms) => setTimeout(act, ms),
    // What waits goes out when the network is back, and when the app is: in the background its calls are cut off.
    addEventListener(_type, listener) {
      const onNetwork = hostMethod(host, "onNetworkStatusChange");
      const onShow = hostMethod(host, "onAppShow");
      if (onNetwork !== undefined)
        onNetwork((status?: { isConnected?: unknown }) => status?.isConnected && listener());
      if (onShow !== undefined) onShow(() => listener());
    },
  };
}

/** The policy from the device, everything else from the server. */
function withPolicy(transport: Transport, endpoint: string, policy: ClientPolicy): Transport {
  return async (request) =>
    request.method === "GET" && request.url === `${endpoint}/policy`
      ? { status: 200, body: policy }
      : transport(request);
}
