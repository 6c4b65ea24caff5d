import Taro, { useLaunch } from "@tarojs/taro";
import { createPrivacyClient } from "@miniprivacy/web/mini-program";

export default function App({ children }) {
  useLaunch(() => {
    Taro.getApp().privacy = createPrivacyClient({
      host: Taro,
      endpoint: "https://shop.example/privacy",
      language: "zh-CN",
    });
  });
  return children;
}
