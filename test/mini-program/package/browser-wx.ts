import { createTestHost } from "../../../packages/web/src/testing.ts";

interface HooksTarget {
  openType?: (tapped: { readonly type: string; readonly id: string }) => unknown;
}

/** The `wx` of the tests on a browser's own fetch and localStorage. Each page is somebody else's phone. */
export function createWx(hooks: HooksTarget): object {
  const person = `mini-${crypto.randomUUID()}`;
  const host = createTestHost({
    results: {
      chooseAddress: {
        telNumber: "13800000000",
        provinceName: "广东省",
        cityName: "广州市",
        countyName: "海珠区",
        detailInfo: "新港中路 397 号",
      },
    },
    storage: keptStorage(),
    async answer({ url, method, header, data }) {
      const { pathname, search } = new URL(url);
      const response = await fetch(pathname + search, {
        method,
        headers: { ...header, "x-demo-subject": person },
        ...(data !== undefined && { body: data }),
      });
      return { statusCode: response.status, data: await response.json() };
    },
  });
  hooks.openType = ({ type, id }) => {
    if (type !== "agreePrivacyAuthorization") return host.tapOpenType(type);
    host.tapAgree(id);
    return undefined;
  };
  return host.wx;
}

function keptStorage(): Map<string, string> {
  const kept = new Map<string, string>(Object.entries(localStorage));
  const { set } = kept;
  kept.set = (key, value) => {
    localStorage.setItem(key, value);
    set.call(kept, key, value);
    return kept;
  };
  return kept;
}
