import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { markUpgrade } from './doors/socketDoor.ts';

/** Lets the router see what wants to be a WebSocket, so that it is refused, counted and named like any request. */
export function routeUpgrades(server: FastifyInstance): void {
  server.server.on('upgrade', (request, socket, head) => {
    markUpgrade(request, socket, head);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once('finish', () => socket.end());
    socket.on('error', () => socket.destroy());
    server.routing(request, response);
  });
}

/** Connections on which nothing was asked yet, as browsers open them in advance: closing would wait for them. */
export function unusedConnections({ server }: FastifyInstance): ReadonlySet<Socket> {
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  server.on('upgrade', ({ socket }) => unused.delete(socket));
  return unused;
}

/** The bare response, with the headers that every answer has: from here on nobody else writes it. */
export function bareResponse(reply: FastifyReply): ServerResponse {
  for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value as string);
  reply.raw.setHeader('x-request-id', reply.request.id);
  reply.hijack();
  return reply.raw;
}
