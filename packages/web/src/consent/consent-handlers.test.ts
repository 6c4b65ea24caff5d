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
