import {
  httpConnector,
  mysqlConnector,
  type MysqlPool,
  objectStorageConnector,
  type ObjectStorageClient,
  redisConnector,
} from "@miniprivacy/node";

/** What `connectors` of `createPrivacy` takes of a shop with MySQL, Redis, object storage and a courier's API. */
export function connectShop({ pool, redis, client, courier }: ShopServers) {
  const tables = { order: { table: "orders", key: "id", subject: "member_id" } };
  const note = { record: "note", fields: { name: "name", content: "text" } };
  const week = { keptDays: 7 };
  return {
    shop: mysqlConnector({ pool, tables, undo: { keptDays: 1 }, binlog: week }),
    cache: redisConnector({ ...note, url: redis, keys: ["note:{subjectId}:*"], persistence: week }),
    notes: objectStorageConnector({ ...note, client, bucket: "shop", key: "notes/{subjectId}/*" }),
    courier: httpConnector({ ...courier, records: { order: { key: "id" } }, ...week }),
  };
}

export interface ShopServers {
  readonly pool: MysqlPool;
  readonly redis: string;
  readonly client: ObjectStorageClient;
  readonly courier: { readonly url: string; readonly secret: string };
}
