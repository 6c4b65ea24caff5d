const { signIn } = require("../../session");

Page({
  data: {
    message: "",
    records: {
      order: {
        label: "订单",
        fields: {
          item: { label: "商品" },
          phone: { label: "手机号", editable: true },
          address: { label: "地址", editable: true },
        },
      },
      note: { label: "备注", id: "name", fields: { text: { label: "内容" } } },
    },
  },

  async signIn() {
    await signIn("lin");
    this.setData({ message: "已登录，请再点一次。" });
  },

  /** The only way back to the request once everything is erased. */
  keep({ detail: { id, requestToken } }) {
    wx.setStorageSync("erasure", { id, requestToken });
  },

  showCertificate({ detail: { certificate } }) {
    this.setData({ message: `确认书 ${certificate.length} 字节` });
  },
});
