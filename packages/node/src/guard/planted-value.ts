/** So many times is what arrived decoded: base64 of JSON in a form. */
const MOST_LAYERS = 3;

/**
 * Everything a text may stand for: as it is, percent-encoded, with JSON's escapes or in base64, also one in the other;
 * without spacing, in one width and case.
 */
export function readingsOf(text: string): string {
  const all = new Set([text]);
  let layer: readonly string[] = [text];
  for (let depth = 0; depth < MOST_LAYERS; depth++) {
    layer = layer.flatMap(decodings).filter((reading) => !all.has(reading));
    for (const reading of layer) all.add(reading);
  }
  return [...all].map(bare).join("\0");
}

/** Whether a value stands in the readings of a text. */
export function holdsPlanted(readings: string, value: string): boolean {
  return readings.includes(bare(value));
}

function bare(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[\s\p{Cf}\p{Pd}+]/gu, "")
    .toLowerCase();
}

/** What a text may stand for, where that is something else. */
function decodings(text: string): readonly string[] {
  return [withoutPercent(text), withoutEscapes(text), fromBase64(text)].filter(
    (decoded) => decoded !== text && decoded !== "",
  );
}

function withoutPercent(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (encoded) =>
    Buffer.from(encoded.replaceAll("%", ""), "hex").toString(),
  );
}

function withoutEscapes(text: string): string {
  return text.replaceAll(/\\(?:u([\da-f]{4})|([^]))/gi, (_all, code?: string, char = "") =>
    code === undefined ? char : String.fromCharCode(parseInt(code, 16)),
  );
}

/** Where base64 begins cannot be told from letters before it: each of four beginnings is tried. Lines may break it. */
function fromBase64(text: string): string {
  const runs = text.replaceAll(/\s/g, "").match(/[\w+/-]{8,}/g) ?? [];
  return runs
    .flatMap((run) => [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), "base64").toString()))
    .join("\n");
}
