import { type Connector, redisConnector } from "@miniprivacy/node";

/** Sessions and carts, as the shop's servers write them. */
export function connectRedis(url: string): Connector {
  return redisConnector({
    url,
    record: "cart",
    keys: ["sess:{subjectId}", "cart:{subjectId}:*"],
    fields: { name: "name", content: "content" },
    persistence: { keptDays: 7 },
  });
}
