import { PrivacyError } from "@miniprivacy/core/errors";

/**
 * Reads the body of a request or a response.
 *
 * @throws PrivacyError `ERR_INPUT_TOO_LARGE` as soon as it has more bytes than it may.
 */
export async function readBytes(
  { body }: Pick<Request | Response, "body">,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new PrivacyError("ERR_INPUT_TOO_LARGE");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
