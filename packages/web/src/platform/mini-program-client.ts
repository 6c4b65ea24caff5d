import type { ClientPolicy, Policy, PurposeId } from "@miniprivacy/core/policy";
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
import { openClient, type PrivacyClient, type PrivacyClientOptions } from "../privacy-client.ts";
import { privacyError } from "../privacy-error.ts";
import type { RandomBytes } from "../random-id.ts";
import { isText } from "../text.ts";
import type { HostObject } from "./call-host.ts";
import type { ConsentQuestion, DialogHandler, PlatformQuestion } from "./dialog.ts";
import { createDialogHandlers } from "./dialog-handlers.ts";
import { createDialogQueue } from "./dialog-queue.ts";
import type { GatedHost } from "./gated-host.ts";
import { createHostEvents, type HostEvents } from "./host-events.ts";
import { hostRandomBytes } from "./host-random.ts";
import { hostStorage } from "./host-storage.ts";
import { requestTransport } from "./host-transport.ts";
import { createPlatformAgreement } from "./platform-agreement.ts";
import { createPrivacyGate } from "./privacy-gate.ts";

export interface MiniProgramClientOptions extends Pick<
  PrivacyClientOptions<string>,
  "language" | "headers" | "account" | "now"
> {
  /** `wx`, `tt`, `ks`, `my`, `swan`, `qq`, `Taro`, `uni`, or a container's object. Nothing else of the host is used. */
  readonly host: HostObject;
  /** Where the endpoints are, e.g. `https://shop.example/privacy`; a path with a cloud transport. */
  readonly endpoint: string;
  /** What `miniprivacy build --client` wrote: purposes and categories without a network (fetched when needed). */
  readonly policy?: ClientPolicy;
  /** How calls leave the device (the host's `request`). */
  readonly transport?: Transport;
  /** Where decisions wait for a network (the host's storage). */
  readonly storage?: ClientStorage;
  /** How long after a refusal `ask` does not ask again, in milliseconds (86,400,000: a day). @see REG-22 */
  readonly coolDownMs?: number;
  /** Random bytes (the host's `getRandomValues`). */
  readonly random?: RandomBytes;
  /** Told what works less well than it should, once each (a line on the console). */
  readonly onWarning?: Warn;
}

export interface MiniProgramConsentClient<Purpose extends string> extends ConsentClient<Purpose> {
  /**
   * Shows the questions: of those registered the last one is asked, the components register themselves. Without any
   * nothing is permitted and nobody has answered; `onWarning` gets `dialog-missing`.
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
  const events = createHostEvents(host);
  const dialogs = createDialogQueue(warn);
  // A page registers for both kinds before anything of another one is given up.
  const registered = (): void => void Promise.resolve().then(() => dialogs.leave());
  const questions = createDialogHandlers<ConsentQuestion<PurposeId<P>>>(registered);
  const platformQuestions = createDialogHandlers<PlatformQuestion>(registered);
  /** Purposes whose question was answered with a no, or not at all, since they were last asked for. */
  const denied = new Set<string>();
  const askedFrom = new Map<string, DialogHandler<ConsentQuestion<PurposeId<P>>> | undefined>();
  const handlers = platformQuestions;
  const agreement = createPlatformAgreement({ host, language, dialogs, handlers, now });

  // Requirement WX-4.4.2a: one tap agrees to the platform's guide and gives our consent, and the record says so.
  const prompt: ConsentPrompt<PurposeId<P>> = async (notice, statement) => {
    let asksPlatform = false;
    const answer = await dialogs.open({
      handlers: questions,
      from: askedFrom.get(notice.purpose),
      async content() {
        asksPlatform = (await agreement.isNeeded()) === true;
        return { ...notice, asksPlatform, asksAge: await asksAge() };
      },
    });
    if (answer.outcome !== "agreed") {
      denied.add(notice.purpose);
      return answer.outcome;
    }
    const { buttonId, ageBand } = answer;
    // Requirement TC-D6.1: the age goes with the yes; the server refuses who is too young.
    if (ageBand !== undefined) statement.ageBand = ageBand;
    if (asksPlatform && buttonId !== undefined && (await agreement.tell(buttonId)))
      statement.platformAgreement = "same-act";
    return "given";
  };

  /** Unknown, it is not asked, and a grant that lacks it is refused by the server. */
  async function asksAge(): Promise<boolean> {
    try {
      return (await client.policy()).asksAge === true;
    } catch {
      return false;
    }
  }

  const [client, call] = openClient<PurposeId<P>>({
    ...options,
    host: pageHost(events),
    prompt: Object.assign(prompt, { surface: "mini-program" }),
    now,
    onWarning: warn,
    random,
    storage,
    transport: options.policy ? withPolicy(transport, endpoint, options.policy) : transport,
  });
  const { consent } = client;
  const asking = new Map<string, Promise<unknown>>();
  /** A question that was answered, or left with its page, answers nobody who asks later. */
  async function ask(purpose: PurposeId<P>, options?: AskOptions): Promise<AskedConsent> {
    if (dialogs.leave() || denied.has(purpose)) await asking.get(purpose);
    denied.delete(purpose);
    askedFrom.set(purpose, questions.last());
    const asked = consent.ask(purpose, options);
    asking.set(
      purpose,
      asked.catch(() => undefined),
    );
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
  // In the background somebody may have decided elsewhere.
  events.listen(() => gate.forget());

  return {
    ...client,
    close() {
      events.end();
      client.close();
    },
    consent: {
      ...consent,
      ask,
      async require(purpose, options) {
        const asked = await ask(purpose, options);
        if (!asked.permitted) throw privacyError("ERR_CONSENT_MISSING");
        return asked;
      },
      // It counts before the server has answered (WX-4.4.4d).
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
      const ready = client.policy().then(() => undefined);
      // Looked at without being waited for, it fails nobody.
      ready.catch(() => undefined);
      return ready;
    },
    use: <Host extends object>(host: Host) => gate.before(host) as GatedHost<Host, P>,
  };
}

const warnOnConsole: Warn = ({ code }) => {
  // oxlint-disable-next-line no-console -- a developer of the app is told
  console.warn(`miniprivacy: ${code}`);
};

/** What a page has and a mini-program's host gives in other ways. */
function pageHost(events: HostEvents): PageHost & {
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
    addEventListener: (_type, listener) => events.listen(listener),
  };
}

/** The policy from the device, everything else from the server. */
function withPolicy(transport: Transport, endpoint: string, policy: ClientPolicy): Transport {
  return async (request) =>
    request.method === "GET" && request.url === `${endpoint}/policy`
      ? { status: 200, body: policy }
      : transport(request);
}
