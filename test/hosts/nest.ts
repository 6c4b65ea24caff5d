import "reflect-metadata";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { Controller, Get, type MiddlewareConsumer, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { expressPurpose } from "@miniprivacy/node";
import { DELIVERY_ORDER, privacy } from "./shop.ts";

/** Decorators by hand: what compiles these tests knows none. */
function decorate(target: object, name: string, ...decorators: readonly MethodDecorator[]): void {
  const property = Object.getOwnPropertyDescriptor(target, name)!;
  for (const decorator of decorators) decorator(target, name, property);
}

class Labels {
  async label(): Promise<object> {
    await Promise.resolve();
    const reader = await privacy.access.forRoute("lin");
    return reader.read("order", DELIVERY_ORDER);
  }
  async forgotten(): Promise<object> {
    return this.label();
  }
}
decorate(Labels.prototype, "label", Get("label"));
decorate(Labels.prototype, "forgotten", Get("forgotten"));
Controller()(Labels);

class Shop {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(expressPurpose("delivery")).forRoutes("label");
  }
}
Module({ controllers: [Labels] })(Shop);

describe("Nest", () => {
  const closing: (() => Promise<unknown>)[] = [];
  after(() => Promise.all(closing.map((close) => close())));

  it("reads for the purpose of the route, and denies where it was forgotten", async () => {
    const app = await NestFactory.create(Shop, { logger: false });
    closing.push(() => app.close());
    await app.listen(0, "127.0.0.1");
    const url = await app.getUrl();
    const get = async (path: string): Promise<unknown> => (await fetch(`${url}/${path}`)).json();
    assert.deepEqual(await get("label"), { permitted: true, value: DELIVERY_ORDER });
    assert.deepEqual(await get("forgotten"), {
      permitted: false,
      reason: "purpose-unknown",
      obligations: ["WX-4.4.4a", "WX-4.4.4b"],
    });
  });
});
