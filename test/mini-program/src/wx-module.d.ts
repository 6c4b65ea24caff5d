/** Stands for the module that `openInChromium` is given. */
declare module "wx-module" {
  export function createWx(hooksTarget: object): object | Promise<object>;
}
