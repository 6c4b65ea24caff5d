import { hostError } from "../platform/call-host.ts";

/** A call as it leaves the device. */
export interface TestRequest {
  readonly url: string;
  readonly method: string;
  readonly header: { readonly [name: string]: string };
  readonly data?: string;
}

export interface TestResponse {
  readonly statusCode: number;
  readonly data: unknown;
  readonly header?: { readonly [name: string]: string };
}

export type Answer = (request: TestRequest) => Promise<TestResponse>;

/** The device's network, which an app in the background loses after five seconds. */
export interface TestNetwork {
  readonly send: (name: string, request: TestRequest) => Promise<TestResponse>;
  setOnline(isOnline: boolean): void;
  /** The five seconds are over: what is under way is cut off, and nothing new goes out. */
  suspend(): void;
  resume(): void;
}

export function createTestNetwork(answer: Answer): TestNetwork {
  let isOnline = true;
  let isSuspended = false;
  const underWay = new Set<(error: Error) => void>();
  const interrupted = (name: string): Error => hostError(`${name}:fail interrupted`);
  return {
    send(name, request) {
      if (isSuspended) return Promise.reject(interrupted(name));
      if (!isOnline) return Promise.reject(hostError(`${name}:fail network error`));
      return new Promise((resolve, reject) => {
        const cutOff = (): void => reject(interrupted(name));
        underWay.add(cutOff);
        void answer(request)
          .then(resolve, (error: unknown) => reject(hostError(`${name}:fail ${String(error)}`)))
          .finally(() => underWay.delete(cutOff));
      });
    },
    setOnline: (online) => void (isOnline = online),
    suspend() {
      isSuspended = true;
      underWay.forEach((cutOff) => cutOff(interrupted("request")));
    },
    resume: () => void (isSuspended = false),
  };
}
