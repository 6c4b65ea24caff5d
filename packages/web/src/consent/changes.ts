import type { Channel, PageHost } from "../page-host.ts";

/** Tells whoever listens, on this page and others, that a decision was made or delivered. */
export interface Changes {
  readonly tell: () => void;
  /** @param listener Called with `true` for what happened outside: another page decided, the network is back. */
  readonly watch: (listener: (outside: boolean) => void) => () => void;
}

/** @param name Shared by the pages that have the same endpoints. */
export function createChanges(host: PageHost, name: string): Changes {
  const listeners = new Set<(outside: boolean) => void>();
  // Each for itself: one that throws holds up no other, and no decision.
  const hear = (outside: boolean): void =>
    listeners.forEach((listener) => void (async () => listener(outside))());
  const hearOutside = (): void => hear(true);
  let channel: Channel | undefined;
  try {
    host.addEventListener!("online", hearOutside);
    channel = new host.BroadcastChannel!(name);
    channel.addEventListener("message", hearOutside);
  } catch {
    // Mini-programs have neither; where storage is denied, some browsers deny the channel too.
  }
  return {
    tell() {
      hear(false);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel stays in its origin
      if (channel) channel.postMessage("");
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
