import { useState } from "react";
import Taro from "@tarojs/taro";
import { Button, View } from "@tarojs/components";
import { explainPrivacyError } from "@miniprivacy/web/mini-program";

const RECORDS = {
  order: { label: "订单", fields: { phone: { label: "手机号", editable: true } } },
};

export default function Shop() {
  const [message, setMessage] = useState("");

  /** Asked for at this moment, and not before. */
  const deliver = async () => {
    try {
      const { privacy } = Taro.getApp();
      const { telNumber } = await privacy.use(Taro).chooseAddress({ purpose: "delivery" });
      setMessage(`送货上门：${telNumber}`);
    } catch (error) {
      setMessage(explainPrivacyError(error)["zh-CN"]);
    }
  };

  /** The only way back to the request once everything is erased. */
  const keep = ({ detail: { id, requestToken } }) =>
    Taro.setStorageSync("erasure", { id, requestToken });

  return (
    <View>
      <Button id="deliver" onClick={deliver}>
        送货上门
      </Button>
      <View id="message">{message}</View>
      <privacy-center records={RECORDS} onErased={keep} />
      <privacy-consent />
    </View>
  );
}
