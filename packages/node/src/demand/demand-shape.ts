import type { DataSelector } from "@miniprivacy/core";
import { PLATFORM_NAMES } from "@miniprivacy/core/certificate";
import { COLLECTED_IN } from "@miniprivacy/core/policy";
import * as z from "zod/mini";
import type { DemandTrigger } from "./demand.ts";

const platform = z.enum(PLATFORM_NAMES);

export const demandTriggerShape: z.ZodMiniType<DemandTrigger> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("platform-demand"),
    platform,
    number: z.string().check(z.minLength(1), z.maxLength(200)),
  }),
  z.strictObject({ kind: z.literal("contract-exit"), platform }),
]);

export const dataSelectorShape: z.ZodMiniType<DataSelector> = z.union([
  z.literal("tenant"),
  z
    .strictObject({
      category: z.exactOptional(z.string()),
      source: z.exactOptional(z.enum(["subject", "platform"])),
      collectedIn: z.exactOptional(z.enum(COLLECTED_IN)),
      collectedUntil: z.exactOptional(z.iso.datetime({ offset: true })),
    })
    .check(z.refine((selector) => Object.keys(selector).length > 0)),
]);
