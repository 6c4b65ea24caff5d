/** A text in UTF-8, and how far it has been read: bytes of a typed array are read several times faster than characters. */
export interface Reading {
  readonly bytes: Uint8Array;
  readonly size: number;
  /** Where it goes on, and how many bytes more than UTF-16 code units lie before that. */
  at: number;
  shift: number;
  /** Where the last word of letters and digits ends that was stopped at. */
  wordEnd: number;
}

/** Bytes before the text, so that what stands before its first can be looked at. */
const MARGIN = 4;
/** Room for most texts, used again and again; a longer text gets its own. */
const ROOM = 1 << 18;
let room: Uint8Array | undefined;

/** Begins to read a text. One is read to its end before the next is begun, but for those within it. */
export function readingOf(text: string, isWithin: boolean): Reading {
  const most = text.length * 3 + MARGIN * 3;
  const bytes = isWithin || most > ROOM ? new Uint8Array(most) : (room ??= new Uint8Array(ROOM));
  const size = encodeInto(text, bytes);
  for (let i = 0; i < MARGIN * 2; i++) bytes[size + i] = 0;
  return { bytes, size, at: MARGIN, shift: MARGIN, wordEnd: 0 };
}

/** Below that, a loop of our own is faster than a call. */
const SHORT_TEXT = 48;

/** What most hosts have: the same bytes as our loop makes, several times faster. */
declare const TextEncoder:
  | (new () => { encodeInto(text: string, bytes: Uint8Array): { readonly written: number } })
  | undefined;

function encodeInto(text: string, bytes: Uint8Array): number {
  if (text.length > SHORT_TEXT && typeof TextEncoder === "function")
    return new TextEncoder().encodeInto(text, bytes.subarray(MARGIN)).written + MARGIN;
  let size = MARGIN;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      bytes[size++] = code;
      continue;
    }
    // A half of a character beyond the basic plane is nothing we look for: as three bytes it keeps its place.
    if (code < 0x800) bytes[size++] = 0xc0 | (code >> 6);
    else {
      bytes[size++] = 0xe0 | (code >> 12);
      bytes[size++] = 0x80 | ((code >> 6) & 63);
    }
    bytes[size++] = 0x80 | (code & 63);
  }
  return size;
}

/** Goes on at a UTF-16 offset further on. */
export function goTo(reading: Reading, offset: number): void {
  while (reading.at - reading.shift < offset && reading.at < reading.size) {
    const width = widthOf(reading.bytes[reading.at]!);
    reading.at += width;
    reading.shift += width > 3 ? 2 : width - 1;
  }
}

/** How many bytes a character has, by its first. */
export function widthOf(byte: number): number {
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}
