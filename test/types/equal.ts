/** True only for the same type, `any` and optional members told apart. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export function assertType<_Holds extends true>(): void {}
