import { describe, expect, it } from "vitest";
import { askedOnce } from "./asked-once.ts";
import type { Catalog, ForeignKey } from "./catalog.ts";

describe("askedOnce", () => {
  const reference: ForeignKey = { child: ["b"], parent: ["a"], columns: [], onDelete: "cascade" };

  function open(): { readonly asked: string[]; readonly catalog: Catalog } {
    const asked: string[] = [];
    const catalog = askedOnce(
      {
        referred: async (tables) => {
          asked.push(`referred ${tables.join()}`);
          return ["a"];
        },
        indexes: async (table) => {
          asked.push(`indexes ${table}`);
          return [];
        },
        foreignKeysOf: async (table) => {
          asked.push(`of ${table}`);
          return [];
        },
        foreignKeysOnto: async (table) => {
          asked.push(`onto ${table}`);
          return [reference];
        },
      },
      ["a", "b"],
    );
    return { asked, catalog };
  }

  it("asks a catalog the same only once", async () => {
    const { asked, catalog } = open();
    await Promise.all([catalog.indexes("a"), catalog.indexes("a"), catalog.foreignKeysOf("a")]);
    await catalog.foreignKeysOf("a");
    expect(asked).toEqual(["indexes a", "of a"]);
  });

  it("asks for references only to tables that have some, and to those it knows nothing of", async () => {
    const { asked, catalog } = open();
    expect(await catalog.foreignKeysOnto("b")).toEqual([]);
    expect(await catalog.foreignKeysOnto("a")).toEqual([reference]);
    expect(await catalog.foreignKeysOnto("a")).toEqual([reference]);
    expect(await catalog.foreignKeysOnto("c")).toEqual([reference]);
    expect(asked).toEqual(["referred a,b", "onto a", "onto c"]);
  });
});
