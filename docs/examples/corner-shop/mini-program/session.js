// The demo's server on this computer: in DevTools, tick "不校验合法域名". A real shop has a domain of its own.
const SERVER = "http://127.0.0.1:4310";

let token = "";

/** A real shop signs in by wx.login and code2session on its server; the demo is told who it is. */
async function signIn(person) {
  const { body } = await call("POST", "/sign-in", { person, as: "token" });
  token = body.token;
}

function sessionHeaders() {
  return token === "" ? {} : { authorization: `Bearer ${token}` };
}

function call(method, path, data, headers = {}) {
  return new Promise((resolve, reject) =>
    wx.request({
      method,
      url: SERVER + path,
      data: JSON.stringify(data),
      header: { "content-type": "application/json", ...sessionHeaders(), ...headers },
      success: ({ statusCode, data }) => resolve({ status: statusCode, body: data }),
      fail: reject,
    }),
  );
}

module.exports = { ENDPOINT: `${SERVER}/privacy`, call, sessionHeaders, signIn };
