/** Whether a UTF-16 code unit is an ASCII letter. */
export function isLetter(code: number): boolean {
  return (code | 0x20) > 0x60 && (code | 0x20) < 0x7b;
}

/** … or digit. */
export function isAlnum(code: number): boolean {
  return isLetter(code) || (code > 0x2f && code < 0x3a);
}

/** Whether it is a hexadecimal digit. */
export function isHex(code: number): boolean {
  return (code > 0x2f && code < 0x3a) || ((code | 0x20) > 0x60 && (code | 0x20) < 0x67);
}
