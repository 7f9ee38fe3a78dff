import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { App } from './app.ts';
import { exampleQuestion } from './exampleQuestion.ts';
import { curlLine } from './http/pages.ts';
import { buildServer } from './http/server.ts';

// What is still running then is cut off: an orchestrator kills a process that does not end.
const DRAIN_MS = 10_000;

/** Serves the house until SIGTERM or SIGINT, then stops accepting, finishes what runs and closes the database. */
export async function serve(app: App): Promise<void> {
  const { config, log, schema, editions } = app;
  const following = await app.follow();
  const server = await buildServer({
    schema,
    log,
    settings: config,
    authenticate: app.authenticate,
    witness: app.witness,
    feedExport: app.feed.incidentExport,
    status: () => ({
      ready: true,
      edition: editions.latest,
      followedAt: following.followedAt,
      firstQuery: () => exampleQuestion(app),
    }),
  });
  await server.listen({ port: config.port, host: config.host, listenTextResolver: () => 'Listening' });
  greet(server, app);
  await signalled('SIGTERM', 'SIGINT');
  log.info('Draining');
  const cutOff = setTimeout(() => server.server.closeAllConnections(), DRAIN_MS).unref();
  await server.close();
  clearTimeout(cutOff);
}

function greet(server: FastifyInstance, app: App): void {
  const { address, port, family } = server.server.address() as AddressInfo;
  const everywhere = address === '0.0.0.0' || address === '::';
  const host = everywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  const origin = `http://${host}:${port}`;
  const question = exampleQuestion(app);
  const next = question
    ? `Who is responsible here? Ask:\n\n${curlLine(origin, question)}`
    : 'The registry is empty: `npx wangge seed` fills it with a demo city, `npx wangge import` with your own.';
  process.stdout.write(`\nWangge answers at ${origin}/graphql (edition ${app.editions.latest}).\n${next}\n\n`);
}

function signalled(...signals: NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      // A second signal meets no handler any more and ends the process at once.
      process.once(signal, () => {
        for (const each of signals) process.removeAllListeners(each);
        resolve();
      });
    }
  });
}
