import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import S3rver from "s3rver";
import { s3Client, type TestBucket } from "./test-bucket.ts";

/** An s3rver of its own with one bucket, whose objects are files in a folder. */
export interface ObjectStorageServer extends TestBucket {
  readonly dir: string;
}

export async function objectStorageServer(): Promise<ObjectStorageServer> {
  const dir = await mkdtemp(join(tmpdir(), "object-storage-"));
  const bucket = "notes";
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: dir,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { store } = server as unknown as { readonly store: Store };
  writesBeforeItAnswers(store);
  // It fails where it tidies a folder away that another call is in.
  const client = s3Client((await server.run()).port, { maxAttempts: 5 });
  return {
    client,
    bucket,
    dir,
    holds: (key) =>
      !key.includes("\0") && key.split("/").every((part) => Buffer.byteLength(part) < 200),
    textOf: (key) =>
      readFile(store.getResourcePath(bucket, key, "object"), "utf8").catch(() => undefined),
    async close() {
      client.destroy();
      await server.close();
      await rm(dir, { recursive: true });
    },
  };
}

interface PutObject {
  readonly bucket: string;
  readonly key: string;
  readonly metadata: unknown;
  readonly content: Readable;
}

interface Store {
  putObject(object: PutObject): Promise<unknown>;
  getResourcePath(bucket: string, key: string, resource: "object"): string;
}

/** By itself s3rver says that an object is there while its file is still being written. */
function writesBeforeItAnswers(store: Store): void {
  const put = store.putObject.bind(store);
  store.putObject = async ({ bucket, key, metadata, content }) => {
    const bytes = await buffer(content);
    const answer = await put({ bucket, key, metadata, content: Readable.from([bytes]) });
    const path = store.getResourcePath(bucket, key, "object");
    while (!bytes.equals(await readFile(path))) await setTimeout(1);
    return answer;
  };
}
