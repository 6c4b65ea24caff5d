import type { openTenants } from "./tenants.ts";

type Tenants = Pick<Awaited<ReturnType<typeof openTenants>>, "eraseTenant">;

/** An event of WeCom, once your SDK has decrypted it. */
interface WecomEvent {
  readonly InfoType: string;
  readonly AuthCorpId: string;
}

/** @param tenantOf Which tenant a company is. */
export async function onWecomEvent(
  tenants: Tenants,
  { InfoType, AuthCorpId }: WecomEvent,
  tenantOf: (corpId: string) => string,
): Promise<Response> {
  if (InfoType === "cancel_auth")
    await tenants.eraseTenant(tenantOf(AuthCorpId), { platform: "wecom", by: "cancel_auth" });
  return new Response("success");
}
