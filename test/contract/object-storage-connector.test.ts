import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { personal, personalRecord, plain, subject } from "@miniprivacy/core/policy";
import {
  createPrivacy,
  objectStorageConnector,
  type ObjectStorageConnectorOptions,
} from "@miniprivacy/node";
import { connectorContract, memoryDatabase } from "@miniprivacy/node/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { connectObjectStorage } from "../../docs/examples/guides/connect-object-storage.ts";
import { policy as shop } from "../../docs/examples/guides/policy.ts";
import {
  type Answer,
  type AnsweringBucket,
  answeringBucket,
  failure,
  xml,
} from "../support/answering-bucket.ts";
import { objectStorageServer, type ObjectStorageServer } from "../support/object-storage-server.ts";
import { s3Client } from "../support/test-bucket.ts";
import { keepsText, objectStore } from "./connector-stores.ts";
import { policy } from "./note-policy.ts";

const record = personalRecord(policy, "note", {
  name: plain(z.string()),
  memberId: subject(z.string()),
  text: personal("note", z.string()),
});
const of = (subjectId: string, tenant = "") => ({ tenant, subjectId });
const lin = of("lin");
const config = { code: "ERR_CONFIG_INVALID" };
const unavailable = { code: "ERR_STORE_UNAVAILABLE" };

describe.each([false, true])("objectStorageConnector on s3rver, tenants apart: %s", (tenants) => {
  let server: ObjectStorageServer;
  beforeAll(async () => void (server = await objectStorageServer()));
  afterAll(() => server.close());

  it.each(
    connectorContract(async () => ({
      ...(await objectStore(server, tenants, { versions: "none-declared" })),
      keeps: (text) => keepsText(server.dir, text),
    })),
  )("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe("objectStorageConnector on a bucket that says it was never versioned", () => {
  let server: AnsweringBucket;
  beforeAll(async () => void (server = await answeringBucket({ pageSize: 7 })));
  afterAll(() => server.close());

  it.each(connectorContract(() => objectStore(server, true)))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

let bucket: AnsweringBucket;
beforeEach(async () => void (bucket = await answeringBucket()));
afterEach(() => bucket.close());

const connectorOf = (options: Partial<ObjectStorageConnectorOptions> = {}) =>
  objectStorageConnector({
    client: bucket.client,
    bucket: bucket.bucket,
    record: "note",
    key: "notes/{subjectId}/*",
    fields: { name: "name", content: "text" },
    ...options,
  });
const hold = (...keys: readonly string[]) => keys.forEach((key) => bucket.objects.set(key, "x"));
const keysHeld = () => [...bucket.objects.keys()].toSorted();

describe("objectStorageConnector and keys", () => {
  it.each(["notes/", "notes/{subjectId}*", "*/{subjectId}", "{tenant}{subjectId}/*"])(
    "takes no key that tells nobody from another: %j",
    (key) => {
      expect(() => connectorOf({ key })).toThrow(TypeError);
    },
  );

  it.each(["", "lin/a", "/", "../lin"])(
    "refuses the id %j, whose objects could be another's",
    async (id) => {
      const { find, count, erase } = connectorOf();
      for (const call of [find, count, erase])
        await expect(call(record, of(id))).rejects.toMatchObject(config);
      expect(bucket.asked).toEqual([]);
    },
  );

  it.each([
    ["..", "notes/../lin/a"],
    ["lin", "notes/lin/../wang/a"],
    ["lin", "notes/lin/./a"],
  ])("asks nothing of an object of %j that a path leads elsewhere: %s", async (id, key) => {
    hold(key, "notes/wang/a");
    const { find, count, erase, rectify } = connectorOf();
    for (const call of [find, count, erase])
      await expect(call(record, of(id))).rejects.toMatchObject(config);
    await expect(rectify(record, of(id), "a", { text: "y" })).rejects.toMatchObject(config);
    expect(keysHeld()).toEqual([key, "notes/wang/a"].toSorted());
  });

  it("WX-4.4.7b: erases one object whose key is whole, and none that only begins like it", async () => {
    const key = "invoices/{tenant}/{subjectId}.pdf";
    const own = "invoices/north/lin.pdf";
    const others = [`${own}.old`, "invoices/north/lin", "invoices/south/lin.pdf"];
    hold(own, ...others);
    const connector = connectorOf({ key });
    expect(await connector.find(record, of("lin", "north"))).toEqual([
      { name: key, memberId: "lin", text: "x" },
    ]);
    await connector.erase(record, of("lin", "north"));
    expect(keysHeld()).toEqual(others.toSorted());
  });

  it("PIPL-47: erases objects whatever their names are made of", async () => {
    const names = [
      "a b",
      "a+b",
      "100%",
      "a%2Bb",
      "&amp;<x>",
      "li\nn",
      " ",
      "",
      "x/y//z",
      "用户 🧧",
    ];
    hold(...names.map((name) => `notes/lin/${name}`), "notes/lin2/a b");
    const { find, erase } = connectorOf();
    expect((await find(record, lin)).map(({ name }) => String(name)).toSorted()).toEqual(
      names.toSorted(),
    );
    await erase(record, lin);
    expect(keysHeld()).toEqual(["notes/lin2/a b"]);
  });

  it("WX-4.4.7c: goes through every page of a list, and erases a thousand at once", async () => {
    hold(...Array.from({ length: 2500 }, (_, i) => `notes/lin/${i}`), "notes/wang/a");
    const { count, erase } = connectorOf();
    expect(await count(record, lin)).toBe(2500);
    await erase(record, lin);
    expect(keysHeld()).toEqual(["notes/wang/a"]);
    expect(bucket.asked.filter((question) => question === "delete")).toHaveLength(3);
    expect(await count(record, lin)).toBe(0);
  });
});

describe("objectStorageConnector and versions", () => {
  const versioning = (status: string) =>
    xml("VersioningConfiguration", `<Status>${status}</Status>`);
  const locking = (status: string) =>
    xml("ObjectLockConfiguration", `<ObjectLockEnabled>${status}</ObjectLockEnabled>`);
  const keeping: readonly (readonly [string, RegExp, "versioning" | "object-lock", Answer])[] = [
    ["versioned", /\(the bucket is versioned\)/, "versioning", versioning("Enabled")],
    ["versioned once", /\(the bucket is versioned\)/, "versioning", versioning("Suspended")],
    ["locked", /\(the bucket is locked\)/, "object-lock", locking("Enabled")],
  ];
  const untold: typeof keeping = [
    ["versioned in a new way", /cannot be told/, "versioning", versioning("Perhaps")],
    ["that answers another question", /cannot be told/, "versioning", xml("ListBucketResult")],
    ["that answers no document", /cannot be told/, "versioning", { status: 200, body: "OK" }],
    ["that answers nothing", /cannot be told/, "versioning", { status: 200, body: "" }],
    ["that may not be asked", /cannot be told/, "versioning", failure(403, "AccessDenied")],
    ["without versions in its S3", /cannot be told/, "versioning", failure(501, "NotImplemented")],
    ["locked in a new way", /cannot be told/, "object-lock", locking("Perhaps")],
    [
      "whose locks may not be asked for",
      /cannot be told/,
      "object-lock",
      failure(403, "AccessDenied"),
    ],
    ["without locks in its S3", /cannot be told/, "object-lock", failure(405, "MethodNotAllowed")],
    ["that is gone when asked", /cannot be told/, "object-lock", failure(404, "NoSuchBucket")],
  ];

  it.each([...keeping, ...untold])(
    "WX-4.4.7c: erases nothing of a bucket %s",
    async (_which, said, question, answer) => {
      hold("notes/lin/a");
      bucket.answers[question] = () => answer;
      const { erase, eraseFields } = connectorOf();
      for (const call of [() => erase(record, lin), () => eraseFields(record, lin, ["text"])]) {
        const refusal: unknown = await call().catch((error: unknown) => error);
        expect(refusal).toMatchObject(config);
        expect(String(refusal)).toMatch(said);
        expect(String(refusal)).not.toContain("4711");
      }
      expect(keysHeld()).toEqual(["notes/lin/a"]);
    },
  );

  it.each(untold)(
    "takes the operator's word for a bucket %s",
    async (_which, _said, question, answer) => {
      hold("notes/lin/a");
      bucket.answers[question] = () => answer;
      await connectorOf({ versions: "none-declared" }).erase(record, lin);
      expect(keysHeld()).toEqual([]);
    },
  );

  it.each(keeping)(
    "takes nobody's word against the server's: a bucket %s",
    async (_which, _said, question, answer) => {
      hold("notes/lin/a");
      bucket.answers[question] = () => answer;
      await expect(
        connectorOf({ versions: "none-declared" }).erase(record, lin),
      ).rejects.toMatchObject(config);
      expect(keysHeld()).toEqual(["notes/lin/a"]);
    },
  );

  it("asks anew before every erasure", async () => {
    const { erase } = connectorOf();
    await erase(record, lin);
    hold("notes/lin/a");
    bucket.answers.versioning = () => versioning("Enabled");
    await expect(erase(record, lin)).rejects.toMatchObject(config);
  });

  it.each(["versioning", "object-lock"] as const)(
    "tries again later when %s cannot be asked for now",
    async (question) => {
      hold("notes/lin/a");
      for (const answer of ["hang up", failure(503, "SlowDown"), failure(429, "Later")] as const) {
        bucket.answers[question] = () => answer;
        await expect(
          connectorOf({ versions: "none-declared" }).erase(record, lin),
        ).rejects.toMatchObject(unavailable);
      }
      expect(keysHeld()).toEqual(["notes/lin/a"]);
    },
  );

  it("says in the technique that the operator has declared it", async () => {
    expect(await connectorOf().describe("note")).toEqual({
      selector: "notes/{subjectId}/*",
      technique: "DeleteObjects",
      tool: "S3 API",
      toolVersion: "2006-03-01",
    });
    const declared = await connectorOf({ versions: "none-declared" }).describe("note");
    expect(declared.technique).toBe(
      "DeleteObjects; bucket declared unversioned and unlocked by the operator",
    );
  });

  it("WX-4.4.7c: does not take an object that was only hidden for erased", async () => {
    hold("notes/lin/a");
    bucket.answers.delete = () =>
      xml(
        "DeleteResult",
        "<Deleted><Key>notes/lin/a</Key><DeleteMarker>true</DeleteMarker></Deleted>",
      );
    await expect(
      connectorOf({ versions: "none-declared" }).erase(record, lin),
    ).rejects.toMatchObject(config);
  });
});

describe("objectStorageConnector and failures", () => {
  it("WX-4.4.7c: says so when one object of many stays, and not which", async () => {
    hold("notes/lin/a", "notes/lin/who-4711");
    bucket.answers.delete = () =>
      xml(
        "DeleteResult",
        "<Deleted><Key>notes/lin/a</Key></Deleted>" +
          "<Error><Key>notes/lin/who-4711</Key><Code>AccessDenied</Code><Message>No</Message></Error>",
      );
    const refusal: unknown = await connectorOf()
      .erase(record, lin)
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject(unavailable);
    expect(String(refusal)).not.toContain("4711");
  });

  it.each<readonly [string, Answer | "hang up"]>([
    ["hangs up", "hang up"],
    ["fails", failure(500, "InternalError")],
    ["refuses", failure(403, "AccessDenied")],
    ["has no such bucket", failure(404, "NoSuchBucket")],
    ["answers for somebody else", { status: 200, body: "<html><body>Welcome</body></html>" }],
    ["answers half a document", { status: 200, body: "<ListBucketResult><Contents>" }],
    ["cuts its list off", xml("ListBucketResult", "<IsTruncated>true</IsTruncated>")],
  ])("finds no rows to be none when the server %s", async (_how, answer) => {
    bucket.answers["list-type"] = () => answer;
    const { find, count, rectify, erase } = connectorOf();
    const who = of("who-4711");
    const calls = await Promise.allSettled([
      find(record, who),
      count(record, who),
      erase(record, who),
      rectify(record, who, "a", { text: "y" }),
    ]);
    for (const call of calls) {
      const refusal: unknown = call.status === "rejected" && call.reason;
      expect(refusal).toMatchObject(unavailable);
      expect(String(refusal)).not.toContain("4711");
    }
  });

  it("waits for a silent server as long as the client does", async () => {
    await bucket.close();
    bucket = await answeringBucket({ socketTimeout: 100 });
    bucket.answers["list-type"] = () => "keep silent";
    await expect(connectorOf().count(record, lin)).rejects.toMatchObject(unavailable);
  });

  it("says that a server cannot be reached", async () => {
    const { count } = connectorOf({ client: s3Client(1) });
    await expect(count(record, lin)).rejects.toMatchObject(unavailable);
  });

  it("takes an object that goes while it is read for gone, and no other failure for it", async () => {
    hold("notes/lin/a", "notes/lin/b");
    const { find } = connectorOf();
    bucket.answers.object = ({ key }) =>
      key.endsWith("a") ? failure(404, "NoSuchKey") : undefined;
    expect(await find(record, lin)).toEqual([{ name: "b", memberId: "lin", text: "x" }]);
    bucket.answers.object = () => failure(403, "InvalidObjectState");
    await expect(find(record, lin)).rejects.toMatchObject(unavailable);
  });
});

describe("objectStorageConnector and uploads in parts", () => {
  const begin = (...keys: readonly string[]) =>
    keys.forEach((key, i) => bucket.uploads.set(`${i}`, key));

  it("WX-4.4.7c: aborts those that were not finished, and nobody else's", async () => {
    await bucket.close();
    bucket = await answeringBucket({ pageSize: 2 });
    begin("notes/lin/a b", "notes/lin/a b", "notes/lin/c", "notes/lin/d", "notes/lin2/a");
    await connectorOf().erase(record, lin);
    expect([...bucket.uploads.values()]).toEqual(["notes/lin2/a"]);
    begin("notes/lin", "notes/lin/a");
    await connectorOf({ key: "notes/{subjectId}" }).erase(record, lin);
    expect([...bucket.uploads.values()].toSorted()).toEqual(["notes/lin/a", "notes/lin2/a"]);
  });

  it("takes one that is finished or aborted meanwhile for gone, and no other failure for it", async () => {
    begin("notes/lin/a");
    bucket.answers.object = () => failure(404, "NoSuchUpload");
    await connectorOf().erase(record, lin);
    bucket.answers.object = () => failure(403, "AccessDenied");
    await expect(connectorOf().erase(record, lin)).rejects.toMatchObject(unavailable);
  });

  it("erases the objects of a server that lists no uploads, and none of one that only fails to", async () => {
    hold("notes/lin/a");
    bucket.answers.uploads = () => failure(403, "AccessDenied");
    await expect(connectorOf().erase(record, lin)).rejects.toMatchObject(unavailable);
    expect(keysHeld()).toEqual(["notes/lin/a"]);
    bucket.answers.uploads = () => failure(501, "NotImplemented");
    await connectorOf().erase(record, lin);
    expect(keysHeld()).toEqual([]);
  });
});

describe("objectStorageConnector and corrections", () => {
  it("WX-4.4.7a: corrects an object, whose type and metadata stay as they were", async () => {
    const server = await objectStorageServer();
    const object = { Bucket: server.bucket, Key: "notes/lin/a.md" };
    const kept = {
      ContentType: "text/markdown",
      CacheControl: "no-store",
      ContentDisposition: "inline",
      Metadata: { lang: "zh" },
    };
    await server.client.send(new PutObjectCommand({ ...object, ...kept, Body: "old" }));
    const { rectify, find } = connectorOf({ client: server.client, bucket: server.bucket });
    expect(await rectify(record, lin, "a.md", { text: "新" })).toBe(true);
    expect(await find(record, lin)).toEqual([{ name: "a.md", memberId: "lin", text: "新" }]);
    expect(await server.client.send(new HeadObjectCommand(object))).toMatchObject(kept);
    await server.close();
  });

  it.each([{ text: 1 }, { text: "y", name: "b" }, { name: "b" }])(
    "takes no correction but a text: %j",
    async (patch) => {
      hold("notes/lin/a");
      await expect(connectorOf().rectify(record, lin, "a", patch)).rejects.toMatchObject({
        code: "ERR_INPUT_INVALID",
      });
      expect(bucket.objects.get("notes/lin/a")).toBe("x");
    },
  );

  it.each([
    ["erased before it is looked at", "HEAD", undefined],
    ["erased before it is written", "PUT", undefined],
    ["written anew before it is written", "PUT", "anew"],
  ])("brings back none that is %s", async (_which, before, left) => {
    hold("notes/lin/a");
    bucket.answers.object = ({ method, key }) => {
      if (method === before) bucket.objects.delete(key);
      if (method === before && left !== undefined) bucket.objects.set(key, left);
      return undefined;
    };
    expect(await connectorOf().rectify(record, lin, "a", { text: "y" })).toBe(false);
    expect(bucket.objects.get("notes/lin/a")).toBe(left);
  });
});

it("WX-4.4.7b: a person deletes her letters by herself", async () => {
  const letter = personalRecord(shop, "letter", {
    name: plain(z.string()),
    memberId: subject(z.string()),
    content: personal("address", z.string()),
  });
  const privacy = await createPrivacy({
    policy: shop,
    records: [letter],
    database: await memoryDatabase(),
    connectors: { letters: connectObjectStorage(bucket.client, bucket.bucket) },
    authenticate: () => ({ subjectId: "mei", authenticatedAt: Date.now() }),
  });
  hold("letters/mei/1", "letters/mei/2", "letters/lin/1");
  const answer = await privacy.fetch(
    new Request("http://shop.example/privacy/requests", {
      method: "POST",
      body: JSON.stringify({ kind: "erase" }),
      headers: { "content-type": "application/json" },
    }),
  );
  const { id, requestToken } = (await answer.json()) as {
    readonly id: string;
    readonly requestToken: string;
  };
  await privacy.idle();
  expect(keysHeld()).toEqual(["letters/lin/1"]);
  const view = await privacy.fetch(
    new Request(`http://shop.example/privacy/requests/${id}`, {
      headers: { "x-request-token": requestToken },
    }),
  );
  expect(await view.json()).toMatchObject({
    outcomes: expect.arrayContaining([
      expect.objectContaining({
        store: "letters",
        record: "letter",
        outcome: "verified-absent",
        countBefore: 2,
        countAfter: 0,
      }),
    ]),
  });
  await privacy.close();
});
