import { type AccessFacts, purposeView } from "@miniprivacy/core";
import {
  parsePolicy,
  personal,
  personalRecord,
  plain,
  type Row,
  subject,
} from "@miniprivacy/core/policy";
import * as classic from "zod";
import * as z from "zod/mini";
import { assertType, type Equal } from "./equal.ts";
import { order, policy } from "./shop.ts";

declare const facts: AccessFacts;
declare const row: Row<(typeof order)["fields"]>;

const delivery = purposeView(order, "delivery");
const result = delivery.read(row, facts, 0);
if (result.permitted) {
  const view = result.value;
  assertType<
    Equal<
      typeof view,
      {
        readonly id: string;
        readonly memberId: string;
        readonly phone: string;
        readonly address: { city: string; street: string };
        readonly receiver: { readonly name: string; readonly mobile: string };
        readonly items: readonly { readonly sku: string }[];
        readonly total: number;
        readonly closedAt: string | null;
      }
    >
  >();
  // @ts-expect-error a view is for reading
  view.phone = "1";
  // @ts-expect-error allergy is not a category of delivery
  view.allergy;
  // @ts-expect-error nor inside a group
  view.receiver.diet;
  // @ts-expect-error nor inside a list
  view.items[0]!.note;
} else {
  // @ts-expect-error a denial carries no value
  result.value;
}
const kitchen = purposeView(order, "kitchen").read(row, facts, 0);
if (kitchen.permitted) {
  assertType<Equal<(typeof kitchen)["value"]["allergy"], string[]>>();
  assertType<
    Equal<(typeof kitchen)["value"]["receiver"], { readonly diet: { readonly note: string } }>
  >();
  assertType<
    Equal<
      (typeof kitchen)["value"]["items"],
      readonly { readonly sku: string; readonly note: string | undefined }[]
    >
  >();
  // @ts-expect-error phone is not a category of kitchen
  kitchen.value.phone;
}
// @ts-expect-error no such purpose
purposeView(order, "delivry");
// @ts-expect-error a purpose that is just a string is refused
purposeView(order, "delivery" as string);

// columns first: the row that came back has no allergy, and read takes it
delivery.read(
  {
    id: "1",
    memberId: "s",
    phone: "1",
    address: { city: "", street: "" },
    receiver: { name: "", mobile: "" },
    items: [{ sku: "" }],
    total: 1,
    closedAt: null,
  },
  facts,
  0,
);

// a purpose known only as a union gives no field that one of them may not see
declare const either: "delivery" | "kitchen";
const some = purposeView(order, either).read(row as never, facts, 0);
if (some.permitted) {
  some.value.total satisfies number;
  // @ts-expect-error not in both
  some.value.allergy;
  // @ts-expect-error not in both
  some.value.phone;
}

// a record of a policy read from JSON: every purpose is a string, and no personal field is open
const loose = personalRecord(parsePolicy({}), "l", {
  id: plain(z.string()),
  who: subject(z.string()),
  a: personal("whatever", z.string()),
});
const open = purposeView(loose, "whatever").read({ id: "", who: "" }, facts, 0);
if (open.permitted) {
  open.value.id satisfies string;
  // @ts-expect-error nothing personal is open
  open.value.a;
}

// classic zod schemas say their types as well
const member = personalRecord(policy, "member", {
  id: subject(classic.uuid()),
  phone: personal("phone", classic.string().min(11)),
  diet: personal("allergy", classic.string().nullable()),
});
const offers = purposeView(member, "marketing").read({ id: "x", phone: "1" }, facts, 0);
if (offers.permitted)
  assertType<Equal<(typeof offers)["value"], { readonly id: string; readonly phone: string }>>();

assertType<
  Equal<
    (typeof delivery)["columns"][number],
    "id" | "memberId" | "phone" | "address" | "receiver" | "items" | "total" | "closedAt"
  >
>();
const accepted = delivery.accept({});
if (accepted.accepted) {
  assertType<Equal<typeof accepted.value.phone, string | undefined>>();
  // @ts-expect-error allergy is not a category of delivery
  accepted.value.allergy;
}
const [one] = delivery.readMany([row], facts, 0);
if (one?.permitted === true) assertType<Equal<(typeof one)["value"]["phone"], string>>();
