import type { ControlCommandName, ControlResult } from "../control/control-command.ts";
import { actorOf } from "./actor.ts";
import type { DeploymentPlace } from "./run-on-deployment.ts";

/** Has a command carried out where the deployment is; whoever gives it is told. */
export async function askDeployment<Name extends ControlCommandName>(
  at: DeploymentPlace & { readonly actor?: string },
  command: Name,
  input: object,
): Promise<ControlResult<Name>> {
  const { runOnDeployment } = await import("./run-on-deployment.ts");
  return runOnDeployment({ command, actor: actorOf(at), input }, at);
}
