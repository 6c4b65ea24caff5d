import { defineComponent } from "../define-component.ts";
import { purposeBound } from "../purpose-bound.ts";

/**
 * `<privacy-phone-button purpose="delivery" bindphone="…"/>`: the event has the `code` for the server, which takes it once
 * and within five minutes, and the `headers` that carry the consent.
 *
 * @see WX-4.4.3, WX-4.4.4a
 */
defineComponent(
  purposeBound({ ask: "askPhone", take: "takePhone" }, "phone", ({ code }) =>
    typeof code === "string" ? { code } : undefined,
  ),
);
