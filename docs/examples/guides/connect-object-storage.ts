import {
  type Connector,
  objectStorageConnector,
  type ObjectStorageClient,
} from "@miniprivacy/node";

/** Letters of customers; `client` is `new S3Client({ … })` of `@aws-sdk/client-s3`. */
export function connectObjectStorage(client: ObjectStorageClient, bucket: string): Connector {
  return objectStorageConnector({
    client,
    bucket,
    record: "letter",
    key: "letters/{subjectId}/*",
    fields: { name: "name", content: "content" },
  });
}
