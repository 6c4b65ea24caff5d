import { verifyStatement } from "@miniprivacy/core/certificate";
import { expect, it } from "vitest";
import { verifyEd25519 } from "../key/verify-ed25519.ts";
import { openFixture, row } from "../privacy.fixture.ts";
import { openTestDatabase } from "./database.fixture.ts";

/** A second connection taken inside a transaction would wait for ever. */
it("with a single connection consent, read, correction, erasure and proof come to their end", async () => {
  const shop = await openFixture(await openTestDatabase({ poolSize: 1 }));
  const people = ["lin", "wang", "zhao"];
  shop.store.rows.push(...people.map((as) => row(as)));
  await Promise.all(
    people.map(async (as) => {
      expect((await shop.give(as, "delivery")).status).toBe(201);
      const reader = await shop.privacy.access.for(as, "delivery");
      expect(reader.read("order", row(as) as never)).toMatchObject({ permitted: true });
      const path = `/data/order/order-of-${as}`;
      expect((await shop.call("PUT", path, { as, body: { phone: "1" } })).status).toBe(200);
      for (const own of ["/data", "/data/export", "/consents", "/log/checkpoint"])
        expect((await shop.call("GET", own, { as })).status).toBe(200);
      const body = { kind: "erase" };
      const opened = await shop.call("POST", "/requests", { as, body });
      await shop.privacy.idle();
      const headers = { "x-request-token": String(opened.body["requestToken"]) };
      const request = await shop.call("GET", `/requests/${String(opened.body["id"])}`, { headers });
      const id = String(request.body["certificateId"]);
      const { body: proven } = await shop.call("GET", `/certificates/${id}`, { headers });
      const keys = await shop.call("GET", "/.well-known/jwks.json");
      const verified = await verifyStatement(String(proven["certificate"]), {
        keys: keys.body as never,
        proof: { text: String(proven["proof"]), verifyEd25519 },
        now: shop.now(),
      });
      expect(verified).toMatchObject({ verdict: "valid" });
    }),
  );
  expect(shop.store.rows).toEqual([]);
  await shop.privacy.close();
});
