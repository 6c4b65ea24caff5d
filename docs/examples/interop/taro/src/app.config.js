export default {
  pages: ["pages/shop/index"],
  window: { navigationBarTitleText: "街角小店" },
  requiredPrivateInfos: ["chooseAddress"],
};
