import * as glassEasel from "glass-easel";
import type { DomBackend } from "./dom-backend.ts";
import { builtInDetail } from "./dom-elements.ts";

/** The only events that go up the tree, WXML's list and not HTML's. */
const BUBBLING = new Set(
  `touchstart touchmove touchcancel touchend tap longpress longtap transitionend animationstart
  animationiteration animationend touchforcechange`.split(/\s+/),
);

/**
 * Hands what happens in the DOM to the app.
 *
 * @param afterTap Called with the touched DOM element when handlers of a tap have run.
 */
export function deliverEvents(backend: DomBackend, afterTap: (touched: Element) => void): void {
  backend.onEvent((target, type, detail, options) => {
    const touched = domElementOf(target);
    if (touched === undefined) return undefined;
    const status = deliver(target, touched, type, detail, options);
    if (type === "tap") afterTap(touched);
    return status;
  });
}

/** Raises an event of a built-in element; it does not bubble. */
export function raise(element: Element, type: string, detail: object): void {
  const { __wxElement } = element as { readonly __wxElement?: glassEasel.Element };
  if (__wxElement !== undefined) glassEasel.triggerEvent(__wxElement, type, detail);
}

function deliver(
  target: glassEasel.Element,
  touched: Element,
  type: string,
  detail: unknown,
  options: glassEasel.EventOptions,
): glassEasel.EventBubbleStatus {
  const bubbles = BUBBLING.has(type);
  const group = type === "change" ? touched.closest("checkbox-group, radio-group") : null;
  const event = new glassEasel.Event(type, builtInDetail(touched, type) ?? detail, {
    ...options,
    bubbles,
    composed: bubbles,
    extraFields: touchesOf(options.originalEvent),
  });
  glassEasel.Event.dispatchEvent(target, event);
  if (group !== null) raise(group, type, builtInDetail(group, type)!);
  return event.getEventBubbleStatus();
}

function touchesOf(original: unknown): { readonly [field: string]: unknown } {
  const { touches, changedTouches } = original as Partial<TouchEvent>;
  return { touches: [...(touches ?? [])], changedTouches: [...(changedTouches ?? [])] };
}

function domElementOf(element: glassEasel.Element): Element | undefined {
  return (element.$$ as unknown as Element | null) ?? undefined;
}
