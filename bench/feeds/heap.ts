import { once } from 'node:events';
import { createServer } from 'node:net';
import { WebSocket } from 'ws';

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Lets the process whose inspector listens at the port throw away what it does not need, so that what it holds is known. */
export async function collectGarbage(port: number): Promise<void> {
  const reply = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [{ webSocketDebuggerUrl }] = (await reply.json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(webSocketDebuggerUrl);
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
  await once(socket, 'message');
  socket.close();
}
