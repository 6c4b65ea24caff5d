import { expressPurpose } from "@miniprivacy/node";
import type { Express } from "express";
import type { ShopPrivacy } from "./open-privacy.ts";
import type { LabelRow } from "./read-by-purpose.ts";

export function addLabelRoute(app: Express, privacy: ShopPrivacy, find: FindOrder): void {
  app.get("/labels/:id", expressPurpose("delivery"), (request, response, next) => {
    readLabel(privacy, find, request.params.id).then((label) => response.json(label), next);
  });
}

/** Names no purpose: it reads for that of the route it serves. */
async function readLabel(privacy: ShopPrivacy, find: FindOrder, id: string) {
  const order = await find(id);
  const reader = await privacy.access.forRoute(order.memberId, { caller: "label-route" });
  return reader.read("order", order);
}

type FindOrder = (id: string) => Promise<LabelRow>;
