import { PrivacyError } from "@miniprivacy/core/errors";
import type * as S3 from "@aws-sdk/client-s3";
import { decodedKey, pagesOf } from "./bucket-pages.ts";
import { type Bucket, failureOf } from "./s3-bucket.ts";
import { expectingDocument, withContentMd5 } from "./s3-command.ts";

/** Objects that S3 deletes at once, at most. */
const DELETED_AT_ONCE = 1000;

/** The keys that begin with a text. */
export async function listKeys(bucket: Bucket, prefix: string): Promise<readonly string[]> {
  const { s3, client, name } = bucket;
  const keys: string[] = [];
  for await (const page of pagesOf<S3.ListObjectsV2CommandOutput>(
    (last) => {
      const question = new s3.ListObjectsV2Command({
        Bucket: name,
        Prefix: prefix,
        EncodingType: "url",
        ContinuationToken: last?.NextContinuationToken,
      });
      return client.send(expectingDocument(question, "ListBucketResult"));
    },
    (page) => page.NextContinuationToken,
  ))
    for (const { Key } of page.Contents ?? []) keys.push(decodedKey(page, Key!));
  return keys;
}

/** The object as UTF-8; undefined when it is gone. */
export async function readObject(bucket: Bucket, key: string): Promise<string | undefined> {
  const { s3, client, name } = bucket;
  try {
    const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: name, Key: key }));
    return await Body!.transformToString();
  } catch (cause) {
    if (failureOf(cause).name === "NoSuchKey") return undefined;
    throw cause;
  }
}

/** Replaces the content and keeps type and metadata; false when the object is gone, or has become another meanwhile. */
export async function overwriteObject(
  bucket: Bucket,
  key: string,
  content: string,
): Promise<boolean> {
  const { s3, client, name } = bucket;
  const object = { Bucket: name, Key: key };
  try {
    const { ETag, ContentType, CacheControl, ContentDisposition, ContentLanguage, Metadata } =
      await client.send(new s3.HeadObjectCommand(object));
    const kept = { ContentType, CacheControl, ContentDisposition, ContentLanguage, Metadata };
    await client.send(
      new s3.PutObjectCommand({ ...object, ...kept, Body: content, IfMatch: ETag }),
    );
    return true;
  } catch (cause) {
    const { status } = failureOf(cause);
    if (status === 404 || status === 412) return false;
    throw cause;
  }
}

/** @throws PrivacyError `ERR_STORE_UNAVAILABLE` when one stayed; `ERR_CONFIG_INVALID` when one was only hidden. */
export async function deleteObjects(bucket: Bucket, keys: readonly string[]): Promise<void> {
  const { s3, client, name } = bucket;
  for (let at = 0; at < keys.length; at += DELETED_AT_ONCE) {
    const Objects = keys.slice(at, at + DELETED_AT_ONCE).map((Key) => ({ Key }));
    const demand = new s3.DeleteObjectsCommand({ Bucket: name, Delete: { Objects } });
    const answer = await client.send(expectingDocument(withContentMd5(demand), "DeleteResult"));
    if ((answer.Errors ?? []).length > 0)
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "objects could not be deleted" });
    if ((answer.Deleted ?? []).some(({ DeleteMarker }) => DeleteMarker === true))
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the bucket is versioned" });
  }
}
