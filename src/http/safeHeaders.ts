import helmet from '@fastify/helmet';
import fastify from 'fastify';

/** Written anew for each answer, whatever it is. */
const OF_THE_ANSWER = ['connection', 'content-length', 'content-type', 'date'];

/**
 * The headers by which Helmet tells browsers to be careful. It works them out again for each request, which costs more
 * than a lookup; since they are always the same, it is asked once.
 */
export async function safeHeaders(): Promise<Readonly<Record<string, string>>> {
  const probe = fastify();
  await probe.register(helmet, {
    // Answers are data, never pages: nothing may be loaded or framed.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], frameAncestors: ["'none'"] },
    },
    // Which pages may read an answer is said by CORS.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    frameguard: { action: 'deny' },
    // These are about pages.
    crossOriginOpenerPolicy: false,
    dnsPrefetchControl: false,
    ieNoOpen: false,
    originAgentCluster: false,
    permittedCrossDomainPolicies: false,
    xssFilter: false,
  });
  probe.get('/', async () => '');
  const { headers } = await probe.inject('/');
  await probe.close();
  const said = Object.entries(headers).filter(([name]) => !OF_THE_ANSWER.includes(name));
  // An answer is of one viewer and one instant: nobody in between may keep it.
  return { ...Object.fromEntries(said.map(([name, value]) => [name, String(value)])), 'cache-control': 'no-store' };
}
