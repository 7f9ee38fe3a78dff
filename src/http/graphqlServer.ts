import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { CompiledQueries, type RequestContext } from './compiledQueries.ts';
import { depthRule, MOST_TOKENS, MOST_UNFOLDED_FIELDS, operationRule } from './documentLimits.ts';
import { errorFormatter } from './errorFormat.ts';

interface Exposed {
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  readonly introspection: boolean;
}

/** Apollo Server with nothing that costs time or calls home, and queries executed as compiled code. */
export async function startGraphqlServer({
  schema,
  log,
  introspection,
}: Exposed): Promise<ApolloServer<RequestContext>> {
  const apollo = new ApolloServer<RequestContext>({
    gateway: new CompiledQueries(schema),
    logger: log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    formatError: errorFormatter(log),
    parseOptions: { maxTokens: MOST_TOKENS },
    maxRecursiveSelections: MOST_UNFOLDED_FIELDS,
    validationRules: [depthRule, operationRule],
    introspection,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    stringifyResult: JSON.stringify,
  });
  await apollo.start();
  return apollo;
}
