import type { MiniProgramClient } from "../platform/mini-program-client.ts";

/** What every component instance of a mini-program has. */
export interface ComponentInstance<Data extends object> {
  readonly data: Data;
  setData(change: Partial<Data>): void;
  triggerEvent(name: string, detail?: object): void;
}

/** What a tap brings along. */
export interface TapEvent {
  readonly currentTarget: { readonly dataset: { readonly [name: string]: unknown } };
}

export interface ValueEvent extends TapEvent {
  readonly detail: { readonly value: string };
}

/** Read at each use: frameworks put their own in its place. */
declare const getApp: () => { readonly privacy?: MiniProgramClient } | undefined;

/** The app's client, where components look for it: `App({ privacy })`. */
export function appClient(): MiniProgramClient | undefined {
  const { privacy } = getApp() ?? {};
  // oxlint-disable-next-line no-console -- a developer of the app is told
  if (privacy === undefined) console.warn("miniprivacy: getApp().privacy is missing");
  return privacy;
}
