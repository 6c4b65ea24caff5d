import { createServer, type Server } from "node:http";
import { type Mountable, nodeListener } from "@miniprivacy/node";

/** Ends within five seconds of SIGTERM: no new request, what is under way is finished, the database is closed. */
export function serve(privacy: Mountable & { close(): Promise<void> }, port: number): Server {
  const server = createServer(nodeListener(privacy));
  server.listen(port, "127.0.0.1");
  process.once("SIGTERM", () => {
    setTimeout(() => process.exit(1), 5_000).unref();
    server.close(() => void privacy.close().finally(() => process.exit(0)));
    server.closeIdleConnections();
  });
  return server;
}
