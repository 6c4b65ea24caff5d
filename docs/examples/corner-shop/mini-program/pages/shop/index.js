const { explainPrivacyError } = require("@miniprivacy/web");
const { call, signIn } = require("../../session");

const ITEM = "豆浆油条";

Page({
  data: { message: "" },

  /** Asked for at this moment, and not before. Without a yes the shop goes on: pick-up instead. */
  async deliver() {
    const { privacy } = getApp();
    await signIn("lin");
    const { permitted, headers } = await privacy.consent.ask("delivery", { again: true });
    if (!permitted) return this.pickUp();
    try {
      const chosen = await privacy.use(wx).chooseAddress({ purpose: "delivery" });
      const order = {
        item: ITEM,
        phone: chosen.telNumber,
        address: chosen.provinceName + chosen.cityName + chosen.countyName + chosen.detailInfo,
        allergy: null,
        note: "",
      };
      const { status } = await call("POST", "/orders", order, headers);
      this.setData({ message: status === 201 ? "已下单，送货上门。" : "没有成功，请稍后再试。" });
    } catch (error) {
      this.explain({ detail: error });
    }
  },

  async pickUp() {
    const { body } = await call("POST", "/orders/pickup", { item: ITEM });
    this.setData({ message: `已下单，凭取货码 ${body.code} 到店自取。` });
  },

  /** The code goes to the shop's server, which changes it for the number (exchangePhoneCode). */
  takePhone() {
    this.setData({ message: "已同意接收优惠短信。" });
  },

  explain({ detail }) {
    this.setData({ message: explainPrivacyError(detail)["zh-CN"] });
  },
});
