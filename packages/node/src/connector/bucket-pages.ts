import { PrivacyError } from "@miniprivacy/core/errors";

/** A part of what a bucket lists. */
interface Page {
  readonly IsTruncated?: boolean | undefined;
  readonly EncodingType?: string | undefined;
}

/**
 * Goes through a list page by page.
 *
 * @param ask Asks for the page after the last one.
 * @param next Where the page after this one begins.
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` for a list that is cut off: what it shows is not all there is.
 */
export async function* pagesOf<Listed extends Page>(
  ask: (last: Listed | undefined) => Promise<Listed>,
  next: (page: Listed) => string | undefined,
): AsyncGenerator<Listed> {
  let last: Listed | undefined;
  do {
    last = await ask(last);
    yield last;
    if (last.IsTruncated === true && next(last) === undefined)
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "a list was cut off" });
  } while (last.IsTruncated === true);
}

/**
 * A key as it is. Lists are asked to encode keys, as XML cannot hold all of them; a server that does not encode leaves
 * `EncodingType` out.
 */
export function decodedKey({ EncodingType }: Page, key: string): string {
  // S3 spells a space `+`, and `+` itself `%2B`.
  return EncodingType === "url" ? decodeURIComponent(key.replaceAll("+", " ")) : key;
}
