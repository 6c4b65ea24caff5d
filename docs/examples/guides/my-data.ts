import type { ShopClient } from "./open-client.ts";

export async function correctPhone(privacy: ShopClient, phone: string): Promise<void> {
  const { order = [] } = await privacy.data.view();
  for (const { id } of order) await privacy.data.rectify("order", String(id), { phone });
}

/** Needs a sign-in within the last five minutes. Keep id and token: afterwards they are the only way back. */
export async function eraseEverything(privacy: ShopClient) {
  const { id, requestToken } = await privacy.requests.erase();
  return { id, requestToken };
}

export async function eraseProgress(
  privacy: ShopClient,
  request: { readonly id: string; readonly requestToken: string },
) {
  const { state, outcomes, certificateId } = await privacy.requests.progress(request);
  if (certificateId === undefined) return { state, outcomes };
  const { certificate } = await privacy.requests.certificate(certificateId, request.requestToken);
  return { state, outcomes, certificate };
}
