import { inputIssues, PrivacyError } from "@miniprivacy/core/errors";
import type * as z from "zod/mini";
import { readBytes } from "./read-bytes.ts";
import type { RouteBody } from "./route.ts";

/**
 * Reads a JSON body in the shape a route takes.
 *
 * @throws PrivacyError `ERR_UNSUPPORTED_MEDIA_TYPE`, `ERR_INPUT_TOO_LARGE`, `ERR_INPUT_INVALID`
 */
export async function readBody(
  request: Request,
  { maxBytes, shape }: RouteBody<z.ZodMiniType>,
): Promise<unknown> {
  const result = shape.safeParse(await readJson(request, maxBytes));
  if (result.success) return result.data;
  throw new PrivacyError("ERR_INPUT_INVALID", { issues: inputIssues(result.error.issues) });
}

async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  if (request.bodyUsed)
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "authenticate or tenantOf read the body",
    });
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new PrivacyError("ERR_UNSUPPORTED_MEDIA_TYPE");
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes)
    throw new PrivacyError("ERR_INPUT_TOO_LARGE");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      await readBytes(request, maxBytes),
    );
    // No database takes this character in a text, and some break at it.
    if (text.includes("\\u0000")) throw new PrivacyError("ERR_INPUT_INVALID");
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof PrivacyError) throw error;
    throw new PrivacyError("ERR_INPUT_INVALID");
  }
}
