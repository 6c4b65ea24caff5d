import { createServer, type RequestListener } from "node:http";
import {
  expressMiddleware,
  fastifyPlugin,
  koaMiddleware,
  type Mountable,
  nodeListener,
} from "@miniprivacy/node";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";

export function onNode(privacy: Mountable, shop: RequestListener) {
  const privacyListener = nodeListener(privacy);
  return createServer((request, response) =>
    request.url?.startsWith(`${privacy.basePath}/`)
      ? privacyListener(request, response)
      : shop(request, response),
  );
}

export function onExpress(privacy: Mountable) {
  const app = express();
  app.use(expressMiddleware(privacy)); // before express.json()
  app.use(express.json());
  return app;
}

export async function onFastify(privacy: Mountable) {
  const app = fastify();
  await app.register(fastifyPlugin(privacy));
  return app;
}

export function onKoa(privacy: Mountable) {
  const app = new Koa();
  app.use(koaMiddleware(privacy)); // before any body parser
  return app;
}

export function onHono(privacy: Mountable) {
  const app = new Hono();
  app.all(`${privacy.basePath}/*`, (context) => privacy.fetch(context.req.raw));
  return app;
}
