const { createPrivacyClient } = require("@miniprivacy/web");
const { ENDPOINT, sessionHeaders } = require("./session");

App({
  privacy: createPrivacyClient({
    host: wx,
    endpoint: ENDPOINT,
    language: "zh-CN",
    headers: sessionHeaders,
  }),
});
