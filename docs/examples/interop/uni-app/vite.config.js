import { cpSync } from "node:fs";
import uni from "@dcloudio/vite-plugin-uni";
import { defineConfig } from "vite";

const FROM = new URL("node_modules/@miniprivacy/web/miniprogram_dist/", import.meta.url);
const TO = new URL("src/wxcomponents/miniprivacy/", import.meta.url);

// uni-app takes native components from this folder, and leaves them as they are.
for (const name of ["privacy-consent", "privacy-center", "chunks", "style.wxss"])
  cpSync(new URL(name, FROM), new URL(name, TO), { recursive: true });

export default defineConfig({ plugins: [uni()] });
