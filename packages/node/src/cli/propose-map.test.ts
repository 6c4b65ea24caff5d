import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { findPeople } from "./find-people.ts";
import { guessCategory } from "./guess-category.ts";
import { SHOP_SCHEMA, table } from "./propose-map.fixture.ts";
import { type MapProposal, proposeMap } from "./propose-map.ts";
import { proposedFiles } from "./proposed-files.ts";
import type { SchemaTable } from "./read-schema.ts";

const member = table("member", { id: "unknown", openid: "string" }, { unique: ["openid"] });
function propose(...tables: readonly SchemaTable[]): MapProposal {
  const schema = { dialect: "mysql", tables: [member, ...tables] } as const;
  return proposeMap(schema, findPeople(schema)!);
}
const subjects = ({ tables }: MapProposal) =>
  Object.fromEntries(tables.map(({ mapping }) => [mapping.table, mapping.subject]));

describe("guessCategory", () => {
  it.each([
    ["rcv_mobile", "phone"],
    ["receiverTel", "phone"],
    ["shouji", "phone"],
    ["手机号", "phone"],
    ["user_email", "email"],
    ["shipping_addr", "address"],
    ["收货地址", "address"],
    ["xingming", "name"],
    ["nickname", "nickname"],
    ["wx_avatar_url", "avatar"],
    ["unionid", "openid"],
    ["birthday", "birthDate"],
    ["id_card_no", "idDocumentCnIdNumber"],
    ["sfzh", "idDocumentCnIdNumber"],
    ["allergy", "healthAllergyFertility"],
  ])("takes %s for %s", (column, id) => expect(guessCategory(column)?.id).toBe(id));

  it.each([
    "title",
    "remark",
    "status",
    "page_track",
    "created_at",
    "mobile_verified",
    "address_id",
  ])("guesses nothing of %s", (column) => expect(guessCategory(column)).toBeUndefined());
});

describe("findPeople", () => {
  it("prefers the table with a platform's id, else one that is named so; or takes the caller's word", () => {
    const admin = table("sys_user", { id: "unknown", name: "string" });
    const find = (tables: readonly SchemaTable[], named?: string) => {
      const people = findPeople({ dialect: "mysql", tables }, named);
      return people && `${people.table.name}.${people.column}`;
    };
    expect(find([admin, member])).toBe("member.openid");
    expect(find([admin])).toBe("sys_user.id");
    expect(find([admin, table("visit", { id: "unknown", openid: "string" })])).toBe("sys_user.id");
    expect(find([table("product", { id: "unknown" })])).toBeUndefined();
    expect(find([admin, member], "sys_user.name")).toBe("sys_user.name");
    for (const wrong of ["sys_user.nobody", "nothing.id", "id", ".id"])
      expect(() => find([admin], wrong)).toThrow(
        expect.objectContaining({ code: "ERR_INPUT_INVALID" }),
      );
  });
});

describe("proposeMap", () => {
  it("leads tables to people by foreign keys, else by names, and says which", () => {
    const { guessedSteps, ...proposal } = propose(
      table(
        "orders",
        { id: "string", member_id: "unknown" },
        { refers: { member_id: "member.id" } },
      ),
      table("order_item", { id: "unknown", order_id: "string" }),
      table("visit", { id: "unknown", openid: "string" }),
    );
    expect(subjects(proposal as MapProposal)).toEqual({
      member: "openid",
      orders: ["member_id", "member.openid"],
      order_item: ["order_id", "orders.member_id", "member.openid"],
      visit: "openid",
    });
    expect(guessedSteps).toEqual(["order_item.order_id -> orders.id"]);
  });

  it("ends a way at a column that holds the id itself", () => {
    const user = table("user", { id: "unknown" });
    const schema = {
      dialect: "postgres",
      tables: [
        user,
        table("orders", { id: "unknown", user_id: "unknown" }),
        table("line", { id: "unknown", order_id: "unknown" }),
      ],
    } as const;
    expect(subjects(proposeMap(schema, findPeople(schema)!))).toEqual({
      user: "id",
      orders: "user_id",
      line: ["order_id", "orders.user_id"],
    });
  });

  it("maps no row of two people, of a clerk's, without a key, or of nobody", () => {
    const { tables, left } = propose(
      table("gift", { id: "unknown", from_member_id: "unknown", to_member_id: "unknown" }),
      table(
        "product",
        { id: "unknown", created_by: "unknown" },
        { refers: { created_by: "member.id" } },
      ),
      { ...table("link", { member_id: "unknown" }), indexes: [] },
      table("feedback", { id: "unknown", mobile: "string" }),
    );
    expect(tables.map(({ mapping }) => mapping.table)).toEqual(["member"]);
    expect(left).toMatchObject([
      { table: "gift", reason: "two-people", columns: ["from_member_id", "to_member_id"] },
      { table: "product", reason: "unclear", columns: ["created_by"] },
      { table: "link", reason: "no-key" },
      { table: "feedback", reason: "no-way", personal: ["mobile"] },
    ]);
  });

  it("takes a column for a reference, not for data, where it leads to another table", () => {
    const { tables, left } = propose(
      table("bank_card", { id: "unknown", member_id: "unknown" }),
      table("refund", { id: "unknown", member_id: "unknown", bank_card_id: "unknown" }),
      table("score", { id: "unknown", member_level: "string" }),
    );
    const refund = tables.find(({ mapping }) => mapping.table === "refund")!;
    expect(refund.fields.map(({ column }) => column.name)).toEqual(["id", "member_id"]);
    expect(left).toMatchObject([{ table: "score", reason: "no-way" }]);
  });

  it("takes what names tell for fields, and tells of texts they do not", () => {
    const { tables, categories, unknown } = proposeMap(SHOP_SCHEMA, findPeople(SHOP_SCHEMA)!);
    const order = tables.find(({ mapping }) => mapping.table === "t_order")!;
    expect(
      order.fields.map(({ column, kind, category }) => [column.name, category?.id ?? kind]),
    ).toEqual([
      ["id", "key"],
      ["member_id", "subject"],
      ["rcv_mobile", "phone"],
      ["rcv_addr", "address"],
      ["allergy", "healthAllergyFertility"],
    ]);
    expect(categories.map(({ id }) => id)).toEqual([
      "nickname",
      "phone",
      "address",
      "healthAllergyFertility",
      "name",
    ]);
    expect(unknown).toEqual(["t_order.remark"]);
  });
});

describe("proposedFiles", () => {
  const options = { actor: "you", writtenAt: "2026-11-24T08:00:00Z" };
  const proposal = proposeMap(SHOP_SCHEMA, findPeople(SHOP_SCHEMA)!);

  it("is what the repository compiles", async () => {
    const example = new URL("../../../../docs/examples/first-steps/proposed/", import.meta.url);
    for (const [name, text] of Object.entries(proposedFiles(proposal, "mysql", options)))
      expect(text).toBe(await readFile(new URL(name, example), "utf8"));
  });

  it("quotes every name, whatever it holds", () => {
    const name = 'a"];\n//`${x}';
    const odd = propose(
      table(name, { id: "unknown", member_id: "unknown", 'm"\nmobile': "string" }),
    );
    const { "policy.ts": policy, "privacy.config.ts": config } = proposedFiles(
      odd,
      "postgres",
      options,
    );
    expect(policy).toContain(`personalRecord(policy, ${JSON.stringify(name)}, {`);
    expect(policy).toContain(`${JSON.stringify('m"\nmobile')}: personal("phone"`);
    expect(config).toContain(
      `${JSON.stringify(name)}: {\n          table: ${JSON.stringify(name)},`,
    );
  });
});
