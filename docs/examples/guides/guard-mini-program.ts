import { createGuard, guardHost } from "@miniprivacy/web/guard";

interface OrderHost {
  request(options: {
    readonly url: string;
    readonly data: unknown;
    readonly fail?: (error: { readonly errMsg: string; readonly code?: string }) => void;
  }): unknown;
}

const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });

/** Sends an order; `wx`, `tt`, `Taro` or `uni` itself is never changed. */
export function sendOrder(
  wx: OrderHost,
  order: object,
  failed: (code: string | undefined) => void,
): void {
  guardHost(guard, wx).request({
    url: "https://shop.example/orders",
    data: order,
    fail: ({ code }) => failed(code), // errMsg: request:fail ERR_SENSITIVE_DATA_FOUND
  });
}
