/** 750rpx is the width of the screen, whatever it is. */
export function rpxToCss(css: string): string {
  return css.replaceAll(/(-?\d*\.?\d+)rpx\b/g, "calc(100vw * $1 / 750)");
}
