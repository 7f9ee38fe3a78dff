import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  isAbstractType,
  parse,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { isCompilable } from './documentShape.ts';
import { type ErrorLog, presentError } from './errorFormat.ts';

type Gateway = NonNullable<ApolloServerOptions<BaseContext>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type GatewayRequest = Parameters<Executor>[0];

/** What every request carries to the resolvers and to the error format. */
export interface RequestContext {
  readonly requestId: string;
  readonly log: ErrorLog;
}

/** How often an operation of a document was asked, and what became of it. */
type Progress = 'seen once' | 'never' | CompiledQuery;

/**
 * Executes queries by code that graphql-jit wrote for them, some ten times faster than walking the document. Apollo
 * takes an executor only from a "gateway", so this is one. A document is compiled when it comes a second time; the
 * compiled query lives as long as Apollo's document store keeps the document.
 */
export class CompiledQueries implements Gateway {
  readonly #schema: GraphQLSchema;
  readonly #progress = new WeakMap<DocumentNode, Map<string | null, Progress>>();

  constructor(schema: GraphQLSchema) {
    assertSynchronousTypes(schema);
    this.#schema = schema;
  }

  onSchemaLoadOrUpdate(show: Parameters<Gateway['onSchemaLoadOrUpdate']>[0]): () => void {
    show({ apiSchema: this.#schema, coreSupergraphSdl: '' });
    return () => {};
  }

  async load(): ReturnType<Gateway['load']> {
    return { executor: (request) => this.#execute(request) };
  }

  async stop(): Promise<void> {}

  async #execute(request: GatewayRequest): Promise<ExecutionResult> {
    const context = request.context as RequestContext;
    const { variables } = request.request;
    const compiled = this.#findCompiled(request);
    let result = await compiled?.query(undefined, context, variables);
    // Without data the variables were refused: graphql-js says so in the words and places that clients know.
    if (result?.data === undefined) result = await this.#interpret(request);
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error: GraphQLError) => presentError(error, context)) };
  }

  #interpret({ document, request, context }: GatewayRequest): Promise<ExecutionResult> | ExecutionResult {
    return execute({
      schema: this.#schema,
      document,
      contextValue: context,
      variableValues: request.variables,
      operationName: request.operationName,
    });
  }

  #findCompiled({ document, source, operationName }: GatewayRequest): CompiledQuery | undefined {
    let operations = this.#progress.get(document);
    if (!operations) {
      operations = new Map();
      this.#progress.set(document, operations);
    }
    const progress = operations.get(operationName);
    if (progress === undefined) {
      operations.set(operationName, isCompilable(document, operationName) ? 'seen once' : 'never');
      return undefined;
    }
    if (progress !== 'seen once') return progress === 'never' ? undefined : progress;
    // From a copy: the compiler writes into the document it is given.
    const compiled = compileQuery(this.#schema, parse(source), operationName ?? undefined);
    operations.set(operationName, isCompiledQuery(compiled) ? compiled : 'never');
    return isCompiledQuery(compiled) ? compiled : undefined;
  }
}

/** Compiled queries take the type of a union member as it is returned, and hang on one that throws. */
function assertSynchronousTypes(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isAbstractType(type) || !type.resolveType) continue;
    if (type.resolveType.constructor.name === 'AsyncFunction') {
      throw new Error(
        `${type.name} resolves its type asynchronously; leave resolveType to the classes of its members.`,
      );
    }
    const { resolveType } = type;
    type.resolveType = (...args) => {
      try {
        return resolveType(...args);
      } catch {
        return undefined;
      }
    };
  }
}
