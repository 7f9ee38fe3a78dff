import { ApolloServer, type ApolloServerOptions, type BaseContext, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { RequestContext } from '../../access/requestContext.ts';
import { errorFormatter } from '../errorFormat.ts';
import type { AdmittedContext, Executor } from '../execution/executor.ts';
import type { Guard } from '../guard/guard.ts';
import { Refusal } from '../refusal.ts';

type Gateway = NonNullable<ApolloServerOptions<BaseContext>['gateway']>;

/** A request as Apollo carries it; without a question where the guard found none to admit. */
export interface HttpContext extends RequestContext {
  readonly question: AdmittedContext['question'] | undefined;
}

export interface Engine {
  readonly schema: GraphQLSchema;
  readonly guard: Guard;
  readonly executor: Executor;
  readonly log: Logger;
}

/**
 * Apollo Server as the HTTP side of GraphQL: it reads requests and writes answers. Documents are checked by the guard
 * and executed by the executor, which Apollo takes from a "gateway"; nothing of it costs time or calls home.
 */
export async function startGraphqlServer({ schema, guard, executor, log }: Engine): Promise<ApolloServer<HttpContext>> {
  const apollo = new ApolloServer<HttpContext>({
    gateway: gatewayTo(schema, executor),
    logger: log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    formatError: errorFormatter(log),
    // What the guard admitted is neither parsed nor validated again. Keys end in the SHA-256 of the document.
    documentStore: {
      get: async (key) => guard.findDocument(key.slice(-64)),
      set: async () => {},
      delete: async () => {},
    },
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    stringifyResult: JSON.stringify,
  });
  await apollo.start();
  return apollo;
}

function gatewayTo(schema: GraphQLSchema, executor: Executor): Gateway {
  return {
    onSchemaLoadOrUpdate(show) {
      show({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    async load() {
      return {
        executor: async ({ context, source }) => {
          const { question } = context as HttpContext;
          // Apollo reads the body by itself; what it read must be what the guard admitted.
          if (question?.source !== source) throw new Error('Apollo executes what the guard did not admit');
          return withStatus(await executor.run(context as AdmittedContext));
        },
      };
    },
    async stop() {},
  };
}

/** An answer without data says by its status why. */
function withStatus(result: ExecutionResult): ExecutionResult {
  if (result.data !== undefined || !result.errors) return result;
  const { status } = new Refusal(result.errors);
  const http = { status, headers: new HeaderMap() };
  const errors = result.errors.map((error) => {
    const marked = new GraphQLError(error.message, { path: error.path, extensions: { ...error.extensions, http } });
    return Object.assign(marked, { locations: error.locations });
  });
  return { ...result, errors };
}
