import { PrivacyError } from "@miniprivacy/core/errors";
import { type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { Connector, ErasureTechnique } from "./connector.ts";
import { keptRemnants } from "./kept-remnants.ts";
import {
  globOf,
  keyPatterns,
  openingOf,
  separatesTenants,
  type SubjectKeys,
  subjectKeys,
  subjectOfKey,
} from "./key-pattern.ts";
import { type RedisReply, type SendCommand, withRedis } from "./redis-client.ts";
import { wholeRows } from "./whole-rows.ts";

export interface RedisConnectorOptions {
  /** `redis://` or `rediss://`, with the number of the database in its path. One server, no cluster. */
  readonly url: string;
  /** Name of the record whose rows are the keys. */
  readonly record: string;
  /**
   * The keys of a subject: `sess:{subjectId}`, `cart:{subjectId}:*`. `*` stands at the end for any text, `{tenant}` for the
   * tenant; without it the keys are those of tenant `''`. An id that holds a character beside its place, as `:` here, is
   * refused. A pattern with `*` goes through all keys of the database.
   */
  readonly keys: readonly string[];
  /**
   * The field that names the row, and the one that is its value as text: a hash, list, set, sorted set or stream is JSON. A
   * row is named by what `*` stands for, or by its key with the placeholders in place where there are several patterns.
   */
  readonly fields: { readonly name: string; readonly content: string };
  /**
   * How many days append-only files, snapshots and replicas keep what was erased, or `'none'` for a server that has none
   * of them, which is made sure of before every erasure.
   */
  readonly persistence: { readonly keptDays: number } | "none";
}

interface Row {
  readonly key: Buffer;
  readonly name: string;
}

/** Keys that the server is asked to look at, or to erase, at once. */
const BATCH = 500;

/**
 * Connects keys of a Redis server, of version 6.2 or later. Each call has a connection of its own. Needs the package
 * `@redis/client`.
 *
 * @throws TypeError for keys that are no patterns; PrivacyError `ERR_CONFIG_INVALID` for `keptDays` that is no whole number of
 *   days.
 */
export function redisConnector(options: RedisConnectorOptions): Connector {
  const { url, record, keys, fields, persistence } = options;
  const patterns = keyPatterns(keys);
  if (persistence !== "none") requireKeepDays(persistence.keptDays, "persistence.keptDays");
  const rowsOf = (send: SendCommand, subject: SubjectIdentity): Promise<readonly Row[]> =>
    findRows(send, subjectKeys(patterns, subject));

  async function erase(_record: PersonalRecord, subject: SubjectIdentity): Promise<void> {
    await withRedis(url, async (send) => {
      if (persistence === "none") await requireNoCopies(send);
      const rows = await rowsOf(send, subject);
      for (let at = 0; at < rows.length; at += BATCH)
        await send(["UNLINK", ...rows.slice(at, at + BATCH).map(({ key }) => key)]);
    });
  }

  async function describe(name: string): Promise<ErasureTechnique> {
    if (name !== record)
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "another record lies here" });
    const info = await withRedis(url, (send) => infoOf(send, "server"));
    return {
      selector: keys.join(", "),
      technique: "UNLINK",
      tool: "Redis",
      toolVersion: info.get("redis_version") ?? "unknown",
    };
  }

  const count = async (_record: PersonalRecord, subject: SubjectIdentity): Promise<number> =>
    withRedis(url, async (send) => (await rowsOf(send, subject)).length);

  const countFound = async (_record: PersonalRecord, subject: SubjectIdentity): Promise<number> =>
    withRedis(url, async (send) => {
      const rows = await rowsOf(send, subject);
      const readers = await inBatches(rows, async ({ key }) => readerOf(await typeOf(send, key)));
      return readers.filter((reader) => reader !== undefined).length;
    });

  return {
    kind: "cache",
    records: [record],
    separatesTenants: separatesTenants(patterns),
    keyField: () => fields.name,
    describe,
    async find(personalRecord, subject) {
      const subjectField = subjectFieldName(personalRecord);
      return withRedis(url, async (send) => {
        const found = await inBatches(await rowsOf(send, subject), async ({ key, name }) => ({
          name,
          content: await contentOf(send, key),
        }));
        return found.flatMap(({ name, content }) =>
          content === undefined
            ? []
            : [
                {
                  [fields.name]: name,
                  [subjectField]: subject.subjectId,
                  [fields.content]: content,
                },
              ],
        );
      });
    },
    count,
    erase,
    atOnce: {
      describe: (names) => Promise.all(names.map(describe)),
      count: (records, subject) => Promise.all(records.map((one) => count(one, subject))),
      countFound: (records, subject) => Promise.all(records.map((one) => countFound(one, subject))),
      async erase(records, subject) {
        for (const one of records) await erase(one, subject);
      },
    },
    ...wholeRows(fields.content, erase),
    async *subjects() {
      for (const pattern of patterns) {
        let cursor = "0";
        do {
          const from = cursor;
          const page = await withRedis(url, (send) => scan(send, from, openingOf(pattern)));
          for (const key of page.keys) {
            const subject = subjectOfKey(patterns, pattern, key);
            if (subject !== undefined) yield subject;
          }
          ({ cursor } = page);
        } while (cursor !== "0");
      }
    },
    async remnants(_record, now) {
      return keptRemnants(now, {
        "append-only files, snapshots, replicas": persistence === "none" ? 0 : persistence.keptDays,
      });
    },
    async rectify(_record, subject, name, patch) {
      const content = patch[fields.content];
      const isText = typeof content === "string" && Object.keys(patch).length === 1;
      return withRedis(url, async (send) => {
        const row = (await rowsOf(send, subject)).find((one) => one.name === name);
        if (row === undefined) return false;
        if (!isText || (await typeOf(send, row.key)) !== "string")
          throw new PrivacyError("ERR_INPUT_INVALID");
        // With GET the server refuses a key that has become another type meanwhile.
        return (await send(["SET", row.key, content, "XX", "GET", "KEEPTTL"])) !== null;
      });
    },
  };
}

async function findRows(send: SendCommand, own: readonly SubjectKeys[]): Promise<readonly Row[]> {
  const rows = new Map<string, Row>();
  for (const { pattern, prefix } of own)
    for (const key of await keysOf(send, prefix, pattern.isOpen)) {
      const rest = key.subarray(Buffer.byteLength(prefix)).toString();
      const isOnly = own.length === 1 && pattern.isOpen;
      const name = isOnly ? rest : pattern.template.replace(/\*$/, "") + rest;
      rows.set(key.toString("latin1"), { key, name });
    }
  return [...rows.values()];
}

async function keysOf(
  send: SendCommand,
  prefix: string,
  isOpen: boolean,
): Promise<readonly Buffer[]> {
  const own = Buffer.from(prefix);
  if (!isOpen) return (await send(["EXISTS", own])) === 1 ? [own] : [];
  const keys: Buffer[] = [];
  let cursor = "0";
  do {
    const page = await scan(send, cursor, prefix);
    keys.push(...page.keys.filter((key) => key.subarray(0, own.length).equals(own)));
    ({ cursor } = page);
  } while (cursor !== "0");
  return keys;
}

/** Some of the keys that begin with a text. A connection may go on where another stopped. */
async function scan(
  send: SendCommand,
  cursor: string,
  prefix: string,
): Promise<{ readonly cursor: string; readonly keys: readonly Buffer[] }> {
  const reply = await send(["SCAN", cursor, "MATCH", globOf(prefix), "COUNT", `${BATCH}`]);
  const [next, keys] = reply as readonly [Buffer, readonly Buffer[]];
  return { cursor: next.toString(), keys };
}

async function typeOf(send: SendCommand, key: Buffer): Promise<string> {
  return String(await send(["TYPE", key]));
}

type ReadKey = (send: SendCommand, key: Buffer) => Promise<string | undefined>;

const READERS: { readonly [type: string]: ReadKey } = {
  string: async (send, key) => textOf(await send(["GET", key])),
  hash: async (send, key) =>
    JSON.stringify(Object.fromEntries(pairs(await send(["HGETALL", key])))),
  zset: async (send, key) =>
    JSON.stringify(pairs(await send(["ZRANGE", key, "0", "-1", "WITHSCORES"]))),
  list: async (send, key) => JSON.stringify(shown(await send(["LRANGE", key, "0", "-1"]))),
  set: async (send, key) => JSON.stringify(shown(await send(["SMEMBERS", key]))),
  stream: async (send, key) => JSON.stringify(shown(await send(["XRANGE", key, "-", "+"]))),
};

/** How keys of a type are read; undefined when there is no key. @throws PrivacyError for a type of a module. */
function readerOf(type: string): ReadKey | undefined {
  if (type === "none") return undefined;
  if (Object.hasOwn(READERS, type)) return READERS[type];
  throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "a key has the type of a module" });
}

/** The value of a key as text; undefined when it is gone. @throws PrivacyError for a type of a module. */
async function contentOf(send: SendCommand, key: Buffer): Promise<string | undefined> {
  return readerOf(await typeOf(send, key))?.(send, key);
}

/** Looks at many keys, so many at a time. */
async function inBatches<Seen>(
  rows: readonly Row[],
  look: (row: Row) => Promise<Seen>,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (let at = 0; at < rows.length; at += BATCH)
    seen.push(...(await Promise.all(rows.slice(at, at + BATCH).map(look))));
  return seen;
}

function textOf(reply: RedisReply): string | undefined {
  return reply === null ? undefined : String(reply);
}

function shown(reply: RedisReply): unknown {
  return Array.isArray(reply)
    ? reply.map(shown)
    : Buffer.isBuffer(reply)
      ? reply.toString()
      : reply;
}

function pairs(reply: RedisReply): readonly (readonly [string, string])[] {
  const flat = reply as readonly Buffer[];
  return flat.flatMap((name, i) =>
    i % 2 === 0 ? [[name.toString(), flat[i + 1]!.toString()] as const] : [],
  );
}

async function infoOf(send: SendCommand, section: string): Promise<ReadonlyMap<string, string>> {
  const lines = String(await send(["INFO", section])).split("\r\n");
  return new Map(lines.map((line) => line.split(":") as [string, string]));
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` where the server writes to disk or has replicas. */
async function requireNoCopies(send: SendCommand): Promise<void> {
  const [persistence, replication, config] = await Promise.all([
    infoOf(send, "persistence"),
    infoOf(send, "replication"),
    send(["CONFIG", "GET", "save"]),
  ]);
  const [[, save] = ["save", "unknown"]] = pairs(config);
  const isAlone =
    persistence.get("aof_enabled") === "0" &&
    replication.get("connected_slaves") === "0" &&
    replication.get("role") === "master" &&
    save === "";
  if (!isAlone)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "the server keeps copies: on disk or on replicas",
    });
}
