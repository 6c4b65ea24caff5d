import { describe, expect, it } from "vitest";
import { openFixture, row } from "../privacy.fixture.ts";
import { grant } from "./grant.ts";
import { memoryDatabase } from "./memory-database.ts";
import { testClock } from "./test-clock.ts";

describe("memoryDatabase, grant", () => {
  it("give a host's test a deployment of its own in which somebody has consented", async () => {
    const shop = await openFixture(await memoryDatabase());
    const headers = { "x-test-subject": "lin" };
    expect(await grant(shop.privacy, "delivery", headers)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const reader = await shop.privacy.access.for("lin", "delivery");
    expect(reader.read("order", row("lin") as never)).toMatchObject({ permitted: true });
    await expect(grant(shop.privacy, "nothing", headers)).rejects.toMatchObject({
      code: "ERR_PURPOSE_UNKNOWN",
    });
    await expect(grant(shop.privacy, "delivery", {})).rejects.toMatchObject({
      code: "ERR_UNAUTHENTICATED",
    });

    const other = await openFixture(await memoryDatabase());
    const { body } = await other.call("GET", "/consents", { as: "lin" });
    expect(body["consents"]).toMatchObject([{ status: "unknown" }, { status: "unknown" }]);
    expect(other.database.keys!.signer.kid).not.toBe(shop.database.keys!.signer.kid);
    await shop.privacy.close();
    await other.privacy.close();
  });
});

describe("testClock", () => {
  it("stands until it is moved", () => {
    const clock = testClock();
    expect(new Date(clock()).toISOString()).toBe("2026-01-01T00:00:00.000Z");
    clock.pass(86_400_000);
    expect(new Date(clock()).toISOString()).toBe("2026-01-02T00:00:00.000Z");
  });
});
