import { type HostObject, hostMethod } from "./call-host.ts";

/** What happens outside the app's own code: the network is back, or the app is. */
export interface HostEvents {
  listen(listener: () => void): void;
  end(): void;
}

export function createHostEvents(host: HostObject): HostEvents {
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  const ends = [
    follow(host, "AppShow", tell),
    follow(host, "NetworkStatusChange", (status?: { readonly isConnected?: unknown }) => {
      if (status?.isConnected === true) tell();
    }),
  ];
  return {
    listen: (listener) => void listeners.add(listener),
    end: () => ends.forEach((end) => end()),
  };
}

function follow(host: HostObject, event: string, listener: (status?: object) => void): () => void {
  hostMethod(host, `on${event}`)?.(listener);
  return () => hostMethod(host, `off${event}`)?.(listener);
}
