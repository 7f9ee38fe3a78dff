import type { WebSocket } from 'ws';

/** Beside the codes of the protocol: too many sockets, or too much asked. */
export const TOO_MANY_REQUESTS = 4429;
/** The reader does not take what it is sent. */
export const TOO_SLOW = 4413;
/** How long a client may take to say goodbye. */
const FAREWELL_MS = 1000;

/** Says goodbye, and does not wait long for the answer. */
export function farewell(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, shortened(reason));
  const timer = setTimeout(() => socket.terminate(), FAREWELL_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** A control frame takes 123 bytes of reason. */
function shortened(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
  return text;
}
