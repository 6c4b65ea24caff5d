import { describe, expect, it } from "vitest";
import { memoryStorage, openPage, PrivacyServer } from "./privacy-server.fixture.ts";

const devices = (server: PrivacyServer): readonly (string | undefined)[] =>
  server.calls.map(({ headers }) => headers["x-privacy-device"]);

describe("the device's secret", () => {
  it("is drawn at the first call, kept, and told with notices and consents only", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    const client = openPage(server, { storage });
    expect(storage.text).toBe("");
    await client.consent.ask("delivery");
    await openPage(server, { storage }).consent.list();
    const [first, ...others] = devices(server);
    expect(first).toMatch(/^[\w-]{22}$/);
    expect(new Set(others)).toEqual(new Set([first]));
    await client.policy();
    await client.data.view().catch(() => undefined);
    expect(devices(server).slice(-2)).toEqual([undefined, undefined]);
  });

  it("is drawn anew, once, when it belongs to a person who has signed out", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    const client = openPage(server, { storage });
    await client.consent.list();
    const [linked] = devices(server);
    server.linked.add(linked!);
    expect(await client.consent.ask("delivery")).toMatchObject({ permitted: true });
    const now = JSON.parse(storage.text).device;
    expect(now).not.toBe(linked);
    expect(devices(server).slice(1)).toEqual([linked, now, now, now]);
  });

  it("PIPL-15: stays as it is while a decision of that person waits, so that it goes out in nobody else's name", async () => {
    const server = new PrivacyServer();
    const storage = memoryStorage();
    const client = openPage(server, { storage });
    await client.consent.ask("delivery");
    const [secret] = devices(server);
    server.linked.add(secret!);
    expect(await client.consent.withdraw("delivery")).toMatchObject({ status: "withdrawn" });
    await expect(client.consent.list()).rejects.toMatchObject({ code: "ERR_DEVICE_LINKED" });
    expect(server.recorded).toHaveLength(1);
    server.linked.clear();
    await client.consent.list();
    expect(server.recorded).toMatchObject([{ decision: "given" }, { decision: "withdrawn" }]);
    expect(new Set(devices(server))).toEqual(new Set([secret]));
  });

  it("asks no third time", async () => {
    const server = new PrivacyServer();
    server.linked.has = () => true;
    await expect(openPage(server).consent.list()).rejects.toMatchObject({
      code: "ERR_DEVICE_LINKED",
    });
    expect(server.calls).toHaveLength(2);
  });
});

describe("answer.headers", () => {
  it("carry the decision as it was posted, so that an order cannot overtake it", async () => {
    const server = new PrivacyServer();
    const client = openPage(server);
    const { headers } = await client.consent.ask("delivery", { ageBand: "adult" });
    expect(server.posted[0]).toMatchObject({ decision: "given", ageBand: "adult" });
    const proof = Buffer.from(headers["x-privacy-proof"]!, "base64url").toString();
    expect(JSON.parse(proof)).toEqual({ decisions: [server.posted[0]] });
    expect(headers["x-privacy-device"]).toBe(devices(server)[0]);
    expect((await client.consent.ask("delivery")).headers).toEqual(headers);
  });

  it("hold no decision where none was made on this page", async () => {
    const server = new PrivacyServer();
    server.status["delivery"] = "given";
    const { headers } = await openPage(server).consent.require("delivery");
    expect(Object.keys(headers)).toEqual(["x-privacy-device"]);
  });
});
