import { describe, expect, it } from "vitest";
import { memoryStorage, openPage, PrivacyServer } from "./privacy-server.fixture.ts";

const navigator = { globalPrivacyControl: true };
const prompt = (): never => expect.unreachable();

describe("Global Privacy Control", () => {
  it.each(["marketing", "partners"])(
    "PIPL-14: refuses %s without a question, once",
    async (purpose) => {
      const server = new PrivacyServer();
      server.status["partners"] = "unknown";
      const client = openPage(server, { navigator, prompt });
      for (const again of [false, true, true])
        expect(await client.consent.ask(purpose, { again })).toMatchObject({
          permitted: false,
          status: "refused",
          signal: "gpc",
        });
      expect(server.recorded).toMatchObject([{ purpose, decision: "refused", signal: "gpc" }]);
    },
  );

  it("says nothing about a service, and a browser without it nothing at all", async () => {
    const server = new PrivacyServer();
    expect(await openPage(server, { navigator }).consent.ask("delivery")).toMatchObject({
      permitted: true,
    });
    for (const quiet of [{}, { globalPrivacyControl: false }, { globalPrivacyControl: "1" }])
      expect(
        await openPage(server, { navigator: quiet }).consent.ask("marketing"),
      ).not.toHaveProperty("signal", "gpc");
  });

  it("takes back what was given before", async () => {
    const server = new PrivacyServer();
    server.status["marketing"] = "given";
    const client = openPage(server, { navigator, prompt });
    expect(await client.consent.status("marketing")).toMatchObject({
      permitted: false,
      signal: "gpc",
    });
    expect(server.recorded).toMatchObject([{ decision: "refused", signal: "gpc" }]);
  });

  it("counts while the server cannot be reached", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    const client = openPage(server, { navigator, prompt, storage });
    await client.policy();
    server.fault = () => {
      throw new TypeError("network");
    };
    expect(await client.consent.ask("marketing")).toMatchObject({ permitted: false });
    expect(await client.consent.ask("marketing")).toMatchObject({ permitted: false });
    expect(JSON.parse(storage.text).outbox).toHaveLength(1);
  });
});
