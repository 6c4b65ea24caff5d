const components = "../../../node_modules/@miniprivacy/web/miniprogram_dist";

export default {
  usingComponents: {
    "privacy-consent": `${components}/privacy-consent/index`,
    "privacy-center": `${components}/privacy-center/index`,
  },
};
