/** How one tag of WXML stands in the DOM. */
export interface BuiltIn {
  /** HTML's tag for it (the same). */
  readonly tag?: string;
  /** What a new one starts with. */
  readonly prepare?: (element: never) => void;
  /**
   * Takes an attribute that HTML knows under another name or as a property.
   *
   * @param value `undefined` when it is removed.
   * @returns Whether that was all; otherwise it is set as written.
   */
  readonly set?: (element: never, name: string, value: string | undefined) => boolean;
  /** The detail of its own events; `undefined` leaves the event as it came. */
  readonly detail?: (element: never, type: string) => object | undefined;
}
