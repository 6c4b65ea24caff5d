import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** Where Chromium is; `TEST_CHROMIUM` says it otherwise. */
export function chromiumPath(): string | undefined {
  const chosen = process.env["TEST_CHROMIUM"];
  return (chosen === undefined ? PLACES : [chosen]).find(existsSync);
}

export function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error("no Chromium on this machine");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
