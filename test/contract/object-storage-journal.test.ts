import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  DeleteObjectCommand,
} from "@aws-sdk/client-s3";
import { objectStorageJournal, storeFromEnvironment } from "@miniprivacy/node";
import { journalContract } from "@miniprivacy/node/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { objectStorageServer, type ObjectStorageServer } from "../support/object-storage-server.ts";

describe("objectStorageJournal on s3rver", () => {
  let server: ObjectStorageServer;
  beforeAll(async () => void (server = await objectStorageServer()));
  afterAll(() => server.close());

  const open = (name: string) => {
    const { client, bucket } = server;
    return objectStorageJournal({ client, bucket, prefix: `${name}/` });
  };
  const leaf = (from: number) =>
    ({ type: "leaves", from, hashes: [Buffer.alloc(32, from)] }) as const;
  const damaged = { code: "ERR_STORE_UNAVAILABLE" };

  it.each(journalContract(open))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  async function keys(name: string): Promise<readonly string[]> {
    const { client, bucket } = server;
    const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: `${name}/` });
    return ((await client.send(list)).Contents ?? []).map(({ Key }) => Key!);
  }

  async function readAll(name: string): Promise<number> {
    let read = 0;
    for await (const record of open(name).read()) read += record.type === "leaves" ? 1 : 0;
    return read;
  }

  async function three(name: string): Promise<readonly string[]> {
    const journal = open(name);
    for (const from of [0, 1, 2]) await journal.append([leaf(from)]);
    return keys(name);
  }

  it("notices an object that is missing", async () => {
    const { client, bucket } = server;
    const [, second] = await three("missing");
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: second! }));
    await expect(readAll("missing")).rejects.toMatchObject(damaged);
    await expect(open("missing").position()).rejects.toMatchObject(damaged);
  });

  it("notices an object that was cut off, changed or put in another's place", async () => {
    const { client, bucket } = server;
    const [first, , third] = await three("torn");
    const get = async (key: string) =>
      (
        await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      ).Body!.transformToString();
    const put = (body: string) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key: third!, Body: body }));
    const [whole, other] = [await get(third!), await get(first!)];
    for (const text of [
      whole.slice(0, -1),
      whole.slice(0, 30),
      "",
      whole.replace('"from":2', '"from":3'),
      other,
    ]) {
      await put(text);
      await expect(open("torn").position()).rejects.toMatchObject(damaged);
      await expect(readAll("torn")).rejects.toMatchObject(damaged);
    }
    await put(whole);
    expect(await readAll("torn")).toBe(3);
  });

  it("goes on after one that died while it wrote an object anew", async () => {
    const { client, bucket } = server;
    const journal = open("twice");
    const erasure = {
      type: "ledger",
      at: "2026-01-01T00:00:00.000Z",
      size: 0,
      entry: {},
    } as const;
    await journal.append([erasure]);
    await journal.append([leaf(0)]);
    const [marked] = await keys("twice");
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: marked! }));
    const text = await Body!.transformToString();
    expect(await journal.forget(new Date("2026-02-01"))).toBe(1);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: marked!, Body: text }));
    await open("twice").append([leaf(1)]);
    expect(await readAll("twice")).toBe(2);
    expect((await open("twice").position()).size).toBe(2);
    expect(JSON.stringify(await keys("twice"))).toContain(marked);
  });

  it("is the one that MINIPRIVACY_JOURNAL names, by what the AWS SDK finds in the environment", async () => {
    const { client, bucket } = server;
    const { hostname, port } = await client.config.endpoint!();
    const dir = await mkdtemp(join(tmpdir(), "object-storage-journal-"));
    const { accessKeyId, secretAccessKey } = await client.config.credentials();
    const environment = {
      MINIPRIVACY_JOURNAL: `s3://${bucket}/from/environment`,
      DATABASE_URL: "",
      MINIPRIVACY_KEYS: "",
      AWS_ENDPOINT_URL_S3: `http://${hostname}:${port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { database, journal } = await storeFromEnvironment({ dir });
    await journal!.append([leaf(0), leaf(1)]);
    vi.unstubAllEnvs();
    expect((await open("from/environment").position()).size).toBe(2);
    await database.close();
    await rm(dir, { recursive: true });
  });
});
