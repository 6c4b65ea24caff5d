import * as z from "zod/mini";

/** Texts and ways of contact are for people: long enough for any, short enough to read. */
const text = z.string().check(z.minLength(1), z.maxLength(4000));

/** A text in at least one language. */
export const localizedSchema: z.ZodMiniType<{ "zh-CN"?: string; en?: string }> = z
  .strictObject({ "zh-CN": z.exactOptional(text), en: z.exactOptional(text) })
  .check(z.refine((texts) => Object.keys(texts).length > 0));

/** At least one way to reach somebody. */
export const contactSchema: z.ZodMiniType<{
  email?: string;
  phone?: string;
  url?: string;
  address?: string;
}> = z
  .strictObject({
    email: z.exactOptional(text),
    phone: z.exactOptional(text),
    url: z.exactOptional(text),
    address: z.exactOptional(text),
  })
  .check(z.refine((ways) => Object.keys(ways).length > 0));

/** SHA-256 in lower-case hex. */
export const digestSchema: z.ZodMiniType<string> = z.string().check(z.regex(/^[0-9a-f]{64}$/));
