const DEGREES = String.raw`-?\d{1,3}\.\d{4,}°?\s?[NSEWnsew北南东西]?纬?经?`;
const LABEL = String.raw`(?:[东西]?经度?|[南北]?纬度?|lng|lon|long|longitude|latitude|lat)[:：=\s]{0,2}`;
const PAIR = String.raw`${DEGREES}\s?[,，;；/\s]\s?(?:${LABEL})?${DEGREES}`;
const NAMED =
  /(?:坐标|定位|位置|经纬|纬度|经度|地点|lat|lng|lon|gps|geo|coord|location|point|position|track|route)[^\n]{0,16}$/i;

/** A place, or several one after another. */
export interface Coordinates {
  readonly end: number;
  readonly count: number;
}

let patterns: { readonly pair: RegExp; readonly next: RegExp } | undefined;

/**
 * The coordinates that begin with a number: two with at least four decimals, which is ten metres, within China or where
 * the words before say so.
 */
export function coordinatesAt(text: string, start: number): Coordinates | undefined {
  patterns ??= {
    pair: new RegExp(PAIR, "iy"),
    next: new RegExp(String.raw`[\s;；|,，\]\[)(]{1,4}${PAIR}`, "iy"),
  };
  const { pair, next } = patterns;
  pair.lastIndex = start;
  const match = pair.exec(text);
  if (match === null || !isPlace(match[0], text.slice(Math.max(0, start - 32), start)))
    return undefined;
  let end = start + match[0].replace(/\s+$/, "").length;
  let count = 1;
  for (next.lastIndex = pair.lastIndex; next.test(text); count++) end = next.lastIndex;
  return { end, count };
}

function isPlace(pair: string, before: string): boolean {
  const [first, second] = numbersIn(pair) as [number, number];
  const [low, high] = [Math.abs(first), Math.abs(second)].sort((a, b) => a - b) as [number, number];
  if (low > 90 || high > 180) return false;
  if (isWithinChina(first, second) || isWithinChina(second, first)) return true;
  const isExact = high > 10 && /\.\d{6}.*\.\d{6}/.test(pair);
  return isExact || /°|[NS]/.test(pair) || NAMED.test(before);
}

function numbersIn(text: string): readonly number[] {
  return (text.match(/-?\d{1,3}\.\d+/g) ?? []).map(Number);
}

function isWithinChina(latitude: number, longitude: number): boolean {
  return latitude > 3 && latitude < 54 && longitude > 73 && longitude < 136;
}
