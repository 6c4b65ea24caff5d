import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grant, memoryDatabase } from "@miniprivacy/node/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openShopDatabase, type ShopDatabase } from "../corner-shop/src/shop-database.ts";
import { openPrivacy, type ShopPrivacy } from "./open-privacy.ts";
import { courierLabel } from "./read-by-purpose.ts";

let shop: ShopDatabase;
let privacy: ShopPrivacy;
let notes: string;
beforeAll(async () => {
  shop = await openShopDatabase("memory://label");
  notes = await mkdtemp(join(tmpdir(), "notes-"));
  privacy = await openPrivacy({ database: await memoryDatabase() }, shop.pool, notes);
  await shop.pool.query("insert into orders values ('1', 'lin', 'Bread', '13912345678', 'Here')");
});
afterAll(async () => {
  await privacy.close();
  await shop.close();
  await rm(notes, { recursive: true });
});

it("prints a label only for who agreed to delivery", async () => {
  expect(await courierLabel(privacy, shop.pool, "lin")).toBe("consent-missing");
  await grant(privacy, "delivery", { "x-member": "lin" });
  expect(await courierLabel(privacy, shop.pool, "lin")).toBe("13912345678 Here");
});
