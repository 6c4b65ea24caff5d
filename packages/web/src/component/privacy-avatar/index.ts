import { defineComponent } from "../define-component.ts";
import { purposeBound } from "../purpose-bound.ts";

/**
 * `<privacy-avatar purpose="profile" bindavatar="…"/>`: the event has `avatarUrl`, a temporary file, and the `headers` that
 * carry the consent.
 *
 * @see WX-4.4.3, WX-4.4.4a
 */
defineComponent(
  purposeBound({ ask: "askAvatar", take: "takeAvatar" }, "avatar", ({ avatarUrl }) =>
    typeof avatarUrl === "string" ? { avatarUrl } : undefined,
  ),
);
