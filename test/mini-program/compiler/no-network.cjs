// Writes down every attempt to leave this machine and lets none succeed.
const dns = require("node:dns");
const net = require("node:net");

const refuse = (what) => {
  process.stderr.write(`network: ${what}\n`);
  throw new Error("no network here");
};
dns.lookup = (name) => refuse(name);
dns.promises.lookup = (name) => refuse(name);
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...to) {
  const [{ host, path } = {}] = [to[0]].flat();
  return path === undefined ? refuse(host) : connect.apply(this, to);
};
