/** What stands in the page for a tag of WXML that HTML has under another name. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  image: "img",
  checkbox: 'input[data-tag="checkbox"]',
  radio: 'input[data-tag="radio"]',
  switch: 'input[data-tag="switch"]',
};

const TAG = /(?<![\w.#:[="'-])(image|checkbox|radio|switch)(?![\w-])/g;
const CLASS = /\.(-?[A-Za-z_][\w-]*)/g;

/** A WXSS selector with HTML's tags, its classes changed by `renameClass`. */
export function translateSelector(selector: string, renameClass: (name: string) => string): string {
  return selector
    .replaceAll(TAG, (tag) => STANDS_FOR[tag]!)
    .replaceAll(CLASS, (_whole, name: string) => renameClass(name));
}

/**
 * A selector as one would write it in WXML terms, for the page as it stands in the DOM.
 *
 * Classes are found whatever component they belong to, ids too.
 */
export function domSelector(selector: string): string {
  return translateSelector(
    selector,
    (name) => `:is(.${name}, [class$="--${name}"], [class*="--${name} "])`,
  );
}
