import { randomUUID } from "node:crypto";
import {
  createTestHost,
  type TestHost,
  type TestHostOptions,
} from "../../../packages/web/src/testing.ts";

/** A phone in somebody's hand, whose calls reach the demo's server. */
export interface Phone {
  readonly host: TestHost;
  readonly person: string;
  /** Calls the server as this person, beside the app. */
  call(method: string, path: string, body?: object, headers?: object): Promise<ServerAnswer>;
  /** What happens to the next calls of the app whose method and path match, in place of an answer. */
  disturb(pattern: RegExp, answer?: { readonly statusCode: number; readonly data: unknown }): void;
  /** Keeps back the answers to such calls of the app. @returns lets them through */
  hold(pattern: RegExp): () => void;
  /** Adds to what the server answers the app. */
  change(pattern: RegExp, more: object): void;
}

interface ServerAnswer {
  readonly status: number;
  readonly body: { readonly [name: string]: unknown };
}

const CHOSEN_ADDRESS = {
  telNumber: "13800000000",
  provinceName: "广东省",
  cityName: "广州市",
  countyName: "海珠区",
  detailInfo: "新港中路 397 号",
};

export function openPhone(
  server: string,
  options: TestHostOptions & { readonly person?: string } = {},
): Phone {
  const { person = `mini-${randomUUID()}`, ...rest } = options;
  let disturbed: { pattern: RegExp; answer?: { statusCode: number; data: unknown } } | undefined;

  let held: { pattern: RegExp; until: Promise<void> } | undefined;
  let changed: { pattern: RegExp; more: object } | undefined;

  async function call(
    method: string,
    path: string,
    body?: object | string,
    headers: object = {},
  ): Promise<ServerAnswer> {
    const response = await fetch(server + path, {
      method,
      headers: { ...headers, "x-demo-subject": person, "content-type": "application/json" },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : {} };
  }

  const host = createTestHost({
    results: { chooseAddress: CHOSEN_ADDRESS },
    ...rest,
    async answer({ url, method, header, data }) {
      const path = new URL(url).pathname + new URL(url).search;
      if (disturbed?.pattern.test(`${method} ${path}`)) {
        if (disturbed.answer === undefined) throw new Error("no network");
        return disturbed.answer;
      }
      const { status, body } = await call(method, path, data, header);
      if (held?.pattern.test(`${method} ${path}`)) await held.until;
      const more = changed?.pattern.test(`${method} ${path}`) ? changed.more : {};
      return { statusCode: status, data: { ...body, ...more } };
    },
  });
  return {
    host,
    person,
    call,
    hold(pattern) {
      let release: () => void;
      held = { pattern, until: new Promise((resolve) => (release = resolve)) };
      return () => release();
    },
    change: (pattern, more) => void (changed = { pattern, more }),
    disturb: (pattern, answer) => void (disturbed = { pattern, ...(answer && { answer }) }),
  };
}
