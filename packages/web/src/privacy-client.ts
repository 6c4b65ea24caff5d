import type { ClientPolicy, Language, Policy, PurposeId } from "@miniprivacy/core/policy";
import {
  type ConsentClient,
  type ConsentPrompt,
  createConsentClient,
} from "./consent/consent-client.ts";
import { createDataClient, type DataClient } from "./subject-request/data-client.ts";
import { type CryptoHost, hostRandom, type RandomBytes } from "./random-id.ts";
import {
  createSubjectRequestClient,
  type SubjectRequestClient,
} from "./subject-request/subject-request-client.ts";
import {
  type Call,
  createCall,
  createExchange,
  type FetchHost,
  fetchTransport,
  type Transport,
} from "./http/transport.ts";
import { type ClientStorage, createStateStore } from "./consent/client-storage.ts";
import { createChanges } from "./consent/changes.ts";
import { createDeviceSecret } from "./consent/device-secret.ts";
import { createOutbox } from "./consent/outbox.ts";
import { createPolicySource } from "./consent/policy-source.ts";
import type { PageHost, Warn } from "./page-host.ts";

export interface PrivacyClientOptions<Purpose extends string> {
  /** Where the endpoints are, e.g. `/privacy`. */
  readonly endpoint: string;
  readonly language: Language;
  /** Shows the notice and takes the choice. */
  readonly prompt: ConsentPrompt<Purpose>;
  /** The page's window, or what stands for it; nothing global is read. */
  readonly host: FetchHost & CryptoHost & PageHost;
  /** Sent with every call (none). */
  readonly headers?: () =>
    | { readonly [name: string]: string }
    | Promise<{ readonly [name: string]: string }>;
  /** How calls leave the device (the host's `fetch`). */
  readonly transport?: Transport;
  /**
   * Keeps decisions that could not be delivered, the counter, refusals and the device's secret over a reload (none:
   * they last as long as the page). It holds purpose ids, random ids, notice tokens and times.
   */
  readonly storage?: ClientStorage;
  /**
   * Whose client this is, part of the key in the storage: another account's client never sees what waits there (all
   * share one). A name without meaning elsewhere, such as a random one you keep for the account; never a phone number.
   */
  readonly account?: string;
  /** How long after a refusal `ask` does not ask again, in milliseconds, with a storage (86,400,000: a day). @see REG-22 */
  readonly coolDownMs?: number;
  /** Random bytes (the host's `crypto`). */
  readonly random?: RandomBytes;
  /** The device's clock, epoch milliseconds (`Date.now`). */
  readonly now?: () => number;
  /** Told what works less well than it should, once (one line on the host's console, without the cause). */
  readonly onWarning?: Warn;
}

export interface PrivacyClient<Purpose extends string> {
  readonly consent: ConsentClient<Purpose>;
  readonly data: DataClient;
  readonly requests: SubjectRequestClient;
  readonly language: Language;
  /** The policy as published: names of purposes in all languages, and what opens by them. */
  policy(): Promise<ClientPolicy>;
  /** Sends no decision any more: for when another person signs in on this page, who gets a client of her own. */
  close(): void;
}

/**
 * The SDK on the user's device, without any user interface of its own.
 *
 * @example
 * const privacy = createPrivacyClient<typeof policy>({ endpoint: '/privacy', language: 'zh-CN', host: window, prompt })
 * const answer = await privacy.consent.ask('delivery')
 */
export function createPrivacyClient<P extends Policy = Policy>(
  options: PrivacyClientOptions<PurposeId<P>>,
): PrivacyClient<PurposeId<P>> {
  return openClient(options)[0];
}

/** A client, and the way to the endpoints it goes. */
export function openClient<Purpose extends string>(
  options: PrivacyClientOptions<Purpose>,
): readonly [PrivacyClient<Purpose>, Call] {
  const { endpoint, host, headers, storage, now = Date.now, onWarning } = options;
  const {
    transport = fetchTransport(host),
    random = hostRandom(host),
    coolDownMs = DAY_MS,
    account = "",
  } = options;
  const key = `miniprivacy:${endpoint}#${account}`;
  const { console } = host;
  const warn: Warn =
    onWarning || (({ code }) => void (console && console.warn(`miniprivacy: ${code}`)));
  const store = createStateStore({ storage, key, now, warn });
  const device = createDeviceSecret(store, random);
  const exchange = createExchange({ endpoint, transport, headers }, device);
  const call = createCall(exchange);
  const changes = createChanges(host, key);
  const outbox = createOutbox({ exchange, store, random, now, host, tell: changes.tell });
  changes.watch((outside) => void (outside && outbox.flush()));
  // What an earlier page could not deliver.
  void outbox.flush();
  const policy = createPolicySource(call);
  const client: PrivacyClient<Purpose> = {
    consent: createConsentClient({
      ...options,
      call,
      outbox,
      store,
      coolDownMs: storage ? coolDownMs : 0,
      now,
      policy,
      device,
      changes,
      warn,
    }),
    data: createDataClient(call),
    requests: createSubjectRequestClient(call, random),
    language: options.language,
    policy,
    close: outbox.close,
  };
  return [client, call];
}

const DAY_MS = 86_400_000;
