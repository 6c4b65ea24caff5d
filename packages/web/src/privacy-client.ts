import type { Language, Policy, PurposeId } from "@miniprivacy/core/policy";
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
import { createCall, type FetchHost, fetchTransport, type Transport } from "./http/transport.ts";

export interface PrivacyClientOptions<Purpose extends string> {
  /** Where the endpoints are, e.g. `/privacy`. */
  readonly endpoint: string;
  readonly language: Language;
  /** Shows the notice and takes the choice. */
  readonly prompt: ConsentPrompt<Purpose>;
  /** The page's window, or what stands for it; nothing global is read. */
  readonly host: FetchHost & CryptoHost;
  /** Sent with every call (none). */
  readonly headers?: () =>
    | { readonly [name: string]: string }
    | Promise<{ readonly [name: string]: string }>;
  /** How calls leave the device (the host's `fetch`). */
  readonly transport?: Transport;
  /** Random bytes (the host's `crypto`). */
  readonly random?: RandomBytes;
  /** The device's clock, epoch milliseconds (`Date.now`). */
  readonly now?: () => number;
}

export interface PrivacyClient<Purpose extends string> {
  readonly consent: ConsentClient<Purpose>;
  readonly data: DataClient;
  readonly requests: SubjectRequestClient;
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
  const { endpoint, language, prompt, host, headers, now = Date.now } = options;
  const { transport = fetchTransport(host), random = hostRandom(host) } = options;
  const call = createCall({ endpoint, transport, ...(headers && { headers }) });
  return {
    consent: createConsentClient<PurposeId<P>>({ call, language, prompt, random, now }),
    data: createDataClient(call),
    requests: createSubjectRequestClient(call, random),
  };
}
