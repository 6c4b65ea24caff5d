import { scanLexicon } from "./lexicon.ts";
import { nextStop } from "./next-stop.ts";
import { goTo, readingOf } from "./reading.ts";

/** Texts are read together up to about so many characters. */
const MOST_CHARACTERS = 1 << 16;

/**
 * The places of those texts that hold anything a scan stops at, in order: most hold nothing, and many short ones are
 * read much faster together than one by one. They stand in quotes, as they would in JSON.
 */
export function stoppedTexts(texts: readonly string[]): readonly number[] {
  const stopped: number[] = [];
  let from = 0;
  let length = 0;
  for (let i = 0; i < texts.length; i++) {
    length += texts[i]!.length;
    if (length < MOST_CHARACTERS && i + 1 < texts.length) continue;
    stopsAmong(texts, from, i + 1, stopped);
    from = i + 1;
    length = 0;
  }
  return stopped;
}

function stopsAmong(texts: readonly string[], from: number, to: number, stopped: number[]): void {
  const part = from === 0 && to === texts.length ? texts : texts.slice(from, to);
  const reading = readingOf(`"${part.join('"')}"`, false);
  const lexicon = scanLexicon();
  let index = from;
  let end = 1 + texts[from]!.length;
  for (let at = nextStop(reading, lexicon); at >= 0; at = nextStop(reading, lexicon)) {
    while (end <= at) end += 1 + texts[++index]!.length;
    stopped.push(index);
    goTo(reading, end);
  }
}
