import { describe, expect, it } from "vitest";
import type { PageHost } from "../page-host.ts";
import { memoryStorage, openPage, PrivacyServer } from "./privacy-server.fixture.ts";

/** Pages that hear each other, as tabs do. */
function channels(): NonNullable<PageHost["BroadcastChannel"]> {
  const open: { name: string; hear: (() => void) | undefined }[] = [];
  return class {
    readonly #own: { name: string; hear: (() => void) | undefined };
    constructor(name: string) {
      this.#own = { name, hear: undefined };
      open.push(this.#own);
    }
    postMessage(): void {
      for (const other of open)
        if (other !== this.#own && other.name === this.#own.name) other.hear?.();
    }
    addEventListener(_type: "message", listener: () => void): void {
      this.#own.hear = listener;
    }
  };
}

/** What an SDK was told, in order; `settled` waits until nothing more comes. */
function sdk() {
  const told: string[] = [];
  const handlers = {
    given: () => void told.push("given"),
    withdrawn: () => void told.push("withdrawn"),
  };
  return { told, handlers, settled: () => new Promise((resolve) => setTimeout(resolve, 5)) };
}

/** What is thrown and caught by nobody, from here on. */
function unhandled() {
  const event = "unhandledRejection";
  const others = process.listeners(event);
  const messages: string[] = [];
  process.removeAllListeners(event);
  process.on(event, (reason) => void messages.push((reason as Error).message));
  return {
    end(): readonly string[] {
      process.removeAllListeners(event);
      for (const other of others) process.on(event, other);
      return messages;
    },
  };
}

describe("consent.watch", () => {
  it("PIPL-15: a listener that throws fails no decision, and keeps it from no other listener", async () => {
    const { settled } = sdk();
    const client = openPage(new PrivacyServer());
    const failed = unhandled();
    let heard = 0;
    client.consent.watch(() => {
      throw new Error("the page's own");
    });
    client.consent.watch(() => void heard++);
    expect(await client.consent.withdraw("delivery")).toMatchObject({ receipt: "r" });
    await settled();
    expect(heard).toBe(1);
    expect(failed.end()).toEqual(["the page's own"]);
  });
});

describe("consent.on", () => {
  it("WX-4.4.4d: starts an SDK once its purpose is consented to, and stops it with the withdrawal", async () => {
    const { told, handlers, settled } = sdk();
    const client = openPage(new PrivacyServer());
    const end = client.consent.on("courier", handlers);
    await settled();
    expect(told).toEqual([]);
    await client.consent.ask("delivery");
    await settled();
    expect(told).toEqual(["given"]);
    await client.consent.ask("marketing");
    await client.consent.withdraw("delivery");
    await settled();
    expect(told).toEqual(["given", "withdrawn"]);
    end();
    await client.consent.ask("delivery", { again: true });
    await settled();
    expect(told).toHaveLength(2);
  });

  it("WX-4.4.4d: stops an SDK that failed to start, and tells the host why it failed", async () => {
    const { told, handlers, settled } = sdk();
    const client = openPage(new PrivacyServer());
    const failed = unhandled();
    client.consent.on("courier", {
      ...handlers,
      given() {
        handlers.given();
        throw new Error("no network for the SDK");
      },
    });
    await client.consent.ask("delivery");
    await settled();
    await client.consent.withdraw("delivery");
    await settled();
    expect(told).toEqual(["given", "withdrawn"]);
    expect(failed.end()).toEqual(["no network for the SDK"]);
  });

  it("starts at once what was consented to before, and hears what another page decides", async () => {
    const { told, handlers, settled } = sdk();
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const BroadcastChannel = channels();
    const host = { BroadcastChannel, addEventListener: () => undefined };
    const [one, other] = [openPage(server, host), openPage(server, host)];
    one.consent.on("courier", handlers);
    await settled();
    await other.consent.withdraw("delivery");
    await settled();
    expect(told).toEqual(["given", "withdrawn"]);
  });

  it("without an answer leaves an SDK as it is, and stops it for a withdrawal that waits", async () => {
    const { told, handlers, settled } = sdk();
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const client = openPage(server, { storage: memoryStorage() });
    client.consent.on("courier", handlers);
    await settled();
    server.online = false;
    await client.consent.withdraw("marketing");
    await settled();
    expect(told).toEqual(["given"]);
    await client.consent.withdraw("delivery");
    await settled();
    expect(told).toEqual(["given", "withdrawn"]);
  });

  it("never starts an SDK that the policy does not declare, and says so", async () => {
    const { told, handlers, settled } = sdk();
    const warnings: string[] = [];
    const client = openPage(new PrivacyServer(), {
      onWarning: ({ code }) => void warnings.push(code),
    });
    for (const name of ["other", "constructor", "__proto__"]) client.consent.on(name, handlers);
    await settled();
    expect(told).toEqual([]);
    expect(warnings).toContain("sdk-unknown");
  });
});
