import { defineComponent } from "../define-component.ts";
import { purposeBound } from "../purpose-bound.ts";

/**
 * `<privacy-nickname purpose="profile" bindnickname="…"/>`: the event has the `nickname`, and the `headers` that carry the
 * consent.
 *
 * @see WX-4.4.3, WX-4.4.4a
 */
defineComponent(
  purposeBound({ ask: "askNickname", take: "takeNickname" }, "nickname", ({ value }) =>
    typeof value === "string" && value !== "" ? { nickname: value } : undefined,
  ),
);
