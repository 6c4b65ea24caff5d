import { createPrivacyClient, type PrivacyClient } from "@miniprivacy/web";
import { elementPrompt } from "@miniprivacy/web/element";
import { indexedDbStorage } from "@miniprivacy/web/storage";
import { isPrivacyError, PrivacyError } from "@miniprivacy/core/errors";
import type { Language } from "@miniprivacy/core/policy";
import type { policy } from "../src/policy.ts";
import { TEXTS, type Texts } from "./texts.ts";

const prompt = elementPrompt(window);
const storage = indexedDbStorage(window);

/** A person's visit in one language. */
export interface Visit {
  /** Undefined where nobody is known to be signed in. */
  readonly person: string | undefined;
  readonly language: Language;
  readonly texts: Texts;
  readonly privacy: PrivacyClient<string>;
  /** Sends nothing in this person's name any more; for before another signs in. */
  end(): void;
}

/**
 * Opens a client, which sends at once what this person decided without a network: only for who is signed in already. A
 * person's account is the demo's name for her; a real shop has a random one.
 *
 * @param earlier The same person's visit in another language: it may still be busy, and ends with this one.
 */
export function createVisit(language: Language, person?: string, earlier?: Visit): Visit {
  const privacy = createPrivacyClient<typeof policy>({
    endpoint: "/privacy",
    language,
    host: window,
    prompt,
    ...(person !== undefined && { account: person, storage }),
  });
  const end = (): void => {
    privacy.close();
    earlier?.end();
  };
  return { person, language, texts: TEXTS[language], privacy, end };
}

export async function signedIn(): Promise<string | null> {
  return (await callShop<{ readonly person: string | null }>("GET", "/me")).person;
}

export async function signIn(person: string): Promise<void> {
  await callShop("POST", "/sign-in", { content: { person } });
}

/** Whoever has signed out, or has become another in another tab, is asked nothing and orders nothing. */
export async function requireSignedIn({ person }: Visit): Promise<void> {
  if (person === undefined || (await signedIn()) !== person)
    throw new PrivacyError("ERR_UNAUTHENTICATED");
}

export interface ShopCallContent {
  readonly content?: object;
  /** Beside the session's cookie (none). */
  readonly headers?: { readonly [name: string]: string };
}

/**
 * Calls the shop itself, beside the privacy endpoints.
 *
 * @throws PrivacyError with the server's code; `ERR_STORE_UNAVAILABLE` when there was no answer
 */
export async function callShop<Body = { readonly code?: string }>(
  method: "GET" | "POST",
  path: string,
  { content, headers = {} }: ShopCallContent = {},
): Promise<Body> {
  const response = await fetch(path, {
    method,
    headers,
    ...(content && { body: JSON.stringify(content) }),
  }).catch((cause: unknown) => {
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new PrivacyError(body.code ?? "ERR_INTERNAL");
  return body;
}

/** Some steps need a sign-in of the last five minutes. A real shop asks for the password here. */
export async function withFreshSignIn<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    const person = await signedIn();
    if (!isPrivacyError(error) || error.code !== "ERR_REAUTHENTICATION_REQUIRED" || person === null)
      throw error;
    await signIn(person);
    return act();
  }
}
