/** The host's own S3 client: `new S3Client({ … })` of `@aws-sdk/client-s3`. Time limits and attempts are its own. */
export interface ObjectStorageClient {
  send(command: never): Promise<unknown>;
}
