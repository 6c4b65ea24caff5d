/** The events of a finger that touches an element and leaves it, then those of a mouse that stands in. */
export function touch(element: Element): void {
  const point = { identifier: 1, target: element, clientX: 1, clientY: 1, pageX: 1, pageY: 1 };
  send(element, "touchstart", { touches: [point], changedTouches: [point] });
  send(element, "touchend", { touches: [], changedTouches: [point] });
  for (const type of ["mousedown", "mouseup", "click"]) {
    if (type === "mouseup") (element as HTMLElement).focus?.();
    element.dispatchEvent(
      new MouseEvent(type, { bubbles: true, composed: true, cancelable: true }),
    );
  }
}

function send(element: Element, type: string, touches: object): void {
  const event = new Event(type, { bubbles: true, composed: true, cancelable: true });
  element.dispatchEvent(Object.assign(event, touches));
}
