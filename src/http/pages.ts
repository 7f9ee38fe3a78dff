import type { FastifyInstance } from 'fastify';

/** How the service is, as its operator and its front page see it. */
export interface Status {
  /** Whether requests should be sent here: the registry is in memory and the process is not closing down. */
  readonly ready: boolean;
  /** The newest edition shown; 0 before the first. */
  readonly edition: number;
  /** When the log of editions was last read without error. */
  readonly followedAt: Date | null;
  /** Looks for a query worth trying first; undefined where the registry holds nothing to ask about. */
  firstQuery(): string | undefined;
}

/** The front page and the two questions of an operator: are you alive, and may I send requests? */
export function addPages(server: FastifyInstance, status: () => Status): void {
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
  });
  server.get('/healthz', async () => ({ alive: true }));
  server.get('/readyz', async (_request, reply) => {
    const { ready, edition, followedAt } = status();
    const open = ready && !closing;
    return reply.code(open ? 200 : 503).send({ ready: open, edition, followedAt });
  });
  server.get('/', async (request, reply) => {
    reply.type('text/plain; charset=utf-8');
    return frontPage(`${request.protocol}://${request.host}`, status());
  });
}

/** The query as one line for a shell. */
export function curlLine(origin: string, query: string): string {
  const body = JSON.stringify({ query: query.replace(/\s+/g, ' ').trim() }).replaceAll("'", "'\\''");
  return `curl -s ${origin}/graphql -H 'content-type: application/json' -d '${body}'`;
}

function frontPage(origin: string, { edition, firstQuery }: Status): string {
  const query = firstQuery();
  const next = query
    ? `A first query:\n\n${curlLine(origin, query)}`
    : 'The registry is empty. Fill it with `npx wangge seed` or `npx wangge import grids FILE …`.';
  return `Wangge: who is responsible here?\n\nGraphQL is at ${origin}/graphql, edition ${edition}.\n${next}\n`;
}
