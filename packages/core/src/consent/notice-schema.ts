import * as z from "zod/mini";
import { digestSchema } from "../policy/party-schema.ts";
import type { ServedNotice } from "./consent-event.ts";

/** What showed a notice. */
export const surfaceSchema: z.ZodMiniType<string> = z
  .string()
  .check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));

/** The notice part of events, receipts and records. */
export const servedNoticeSchema: z.ZodMiniType<ServedNotice> = z.strictObject({
  language: z.enum(["zh-CN", "en"]),
  textDigest: digestSchema,
  servedAt: z.iso.datetime(),
  surface: z.exactOptional(surfaceSchema),
});
