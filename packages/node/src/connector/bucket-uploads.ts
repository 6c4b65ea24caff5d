import type * as S3 from "@aws-sdk/client-s3";
import { decodedKey, pagesOf } from "./bucket-pages.ts";
import { type Bucket, failureOf } from "./s3-bucket.ts";

const NOT_IMPLEMENTED = 501;

/**
 * Aborts the uploads in parts that were begun and not finished. A server that lists none is taken to have none: their keys
 * are not known.
 */
export async function abortUploads(
  bucket: Bucket,
  prefix: string,
  isOwn: (key: string) => boolean,
): Promise<void> {
  const { s3, client, name } = bucket;
  for (const { key, id } of await listUploads(bucket, prefix)) {
    if (!isOwn(key)) continue;
    const demand = new s3.AbortMultipartUploadCommand({ Bucket: name, Key: key, UploadId: id });
    await client.send(demand).catch((cause: unknown) => {
      if (failureOf(cause).name !== "NoSuchUpload") throw cause;
    });
  }
}

interface Upload {
  readonly key: string;
  readonly id: string;
}

async function listUploads(bucket: Bucket, prefix: string): Promise<readonly Upload[]> {
  const { s3, client, name } = bucket;
  const uploads: Upload[] = [];
  try {
    for await (const page of pagesOf<S3.ListMultipartUploadsCommandOutput>(
      (last) =>
        client.send(
          new s3.ListMultipartUploadsCommand({
            Bucket: name,
            Prefix: prefix,
            EncodingType: "url",
            KeyMarker: last && decodedKey(last, last.NextKeyMarker!),
            UploadIdMarker: last?.NextUploadIdMarker,
          }),
        ),
      (page) => page.NextKeyMarker,
    ))
      for (const { Key, UploadId } of page.Uploads ?? [])
        uploads.push({ key: decodedKey(page, Key!), id: UploadId! });
  } catch (cause) {
    if (failureOf(cause).status !== NOT_IMPLEMENTED) throw cause;
  }
  return uploads;
}
