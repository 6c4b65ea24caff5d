import { S3Client } from "@aws-sdk/client-s3";

/** A bucket of a test, and the client that reaches it. */
export interface TestBucket {
  readonly client: S3Client;
  readonly bucket: string;
  /** Whether its server can have an object under a key. */
  holds(key: string): boolean;
  /** The object under a key, read past the server. */
  textOf(key: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** A client of a server on this machine, by the name and secret that s3rver knows. */
export function s3Client(
  port: number,
  { maxAttempts = 1, ...requestHandler }: { maxAttempts?: number; socketTimeout?: number } = {},
): S3Client {
  return new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    forcePathStyle: true,
    maxAttempts,
    requestHandler,
  });
}
