import { randomUUID } from "node:crypto";
import { PrivacyError, type PrivacyErrorCode } from "@miniprivacy/core/errors";
import type { Mountable } from "../http/node-listener.ts";

/**
 * Gives a consent as a client does, through the endpoints: fetches the notice, posts the grant.
 *
 * @param headers What your `authenticate` needs to know the person by.
 * @returns The receipt, a compact JWS.
 * @throws PrivacyError with the code the endpoint answered.
 */
export async function grant(
  privacy: Mountable,
  purpose: string,
  headers: { readonly [name: string]: string },
): Promise<string> {
  const call = async (
    path: string,
    init: { method?: string; body?: string } = {},
  ): Promise<Answer> => {
    const url = `http://localhost${privacy.basePath}${path}`;
    const response = await privacy.fetch(
      new Request(url, { ...init, headers: { ...headers, "content-type": "application/json" } }),
    );
    return (await response.json()) as Answer;
  };
  const notice = await call(`/notice?purposes=${encodeURIComponent(purpose)}`);
  if (notice.token === undefined) throw refusal(notice);
  const decision = {
    decisionId: randomUUID(),
    purpose,
    decision: "given",
    notice: notice.token,
    counter: 0,
    at: new Date().toISOString(),
  };
  const { results, ...refused } = await call("/consents", {
    method: "POST",
    body: JSON.stringify({ decisions: [decision] }),
  });
  const receipt = results?.[0]?.receipt;
  if (receipt === undefined) throw refusal(results?.[0] ?? refused);
  return receipt;
}

interface Answer extends Refusal {
  readonly token?: string;
  readonly results?: readonly (Refusal & { readonly receipt?: string })[];
}
interface Refusal {
  readonly code?: PrivacyErrorCode;
}

function refusal({ code = "ERR_INTERNAL" }: Refusal): PrivacyError {
  return new PrivacyError(code);
}
