import { PrivacyError } from "@miniprivacy/core/errors";
import type { ErasureTasks } from "../erasure/erasure-tasks.ts";
import { subjectOf } from "./identity.ts";
import { type Route, routeWithBody } from "./route.ts";
import { OFFICERS } from "./staff-audience.ts";
import { taskAnswerShape, tasksShape } from "./wire.ts";

const MAX_BODY_BYTES = 4096;

/** What privacy officers erase by hand, and their word that it is done. */
export function taskRoutes(tasks: ErasureTasks): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/staff/tasks",
      audience: OFFICERS,
      summary: "What has to be erased by hand, the most urgent first.",
      answers: { 200: tasksShape },
      handle: async ({ tenant }) => Response.json({ tasks: await tasks.list(tenant) }),
    },
    routeWithBody({
      method: "POST",
      path: "/staff/tasks",
      audience: OFFICERS,
      summary: "Files what became of a task; the erasure goes on.",
      body: { maxBytes: MAX_BODY_BYTES, shape: taskAnswerShape },
      answers: { 200: taskAnswerShape },
      async handle(context) {
        const { answer, ...task } = context.body;
        const { tenant, subjectId: staff } = subjectOf(context);
        if (!(await tasks.answer(task, answer, { tenant, staff })))
          throw new PrivacyError("ERR_NOT_FOUND");
        return Response.json({ ...task, answer });
      },
    }),
  ];
}
