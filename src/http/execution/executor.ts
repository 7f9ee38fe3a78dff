import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  subscribe,
} from 'graphql';
import type { RequestContext } from '../../access/requestContext.ts';
import { DomainError } from '../../errors.ts';
import { presentError } from '../errorFormat.ts';
import type { Admitted } from '../guard/guard.ts';
import { CompiledQueries } from './compiledQueries.ts';

/** What the doors hand to the resolvers: the question is there because the guard let it pass. */
export interface AdmittedContext extends RequestContext {
  readonly question: Admitted;
}

export interface ExecutorOptions {
  readonly operationTimeoutMs: number;
  readonly suggestions: boolean;
  /** Told how each query and mutation ended: `ok` or the code of its first error. */
  readonly onAnswered?: (outcome: string, seconds: number) => void;
}

type Events = AsyncGenerator<ExecutionResult, void, void>;

/** Executes what the guard admitted, the same for all doors. Errors are as clients see them. */
export class Executor {
  readonly #schema: GraphQLSchema;
  readonly #compiled: CompiledQueries;
  readonly #options: ExecutorOptions;

  constructor(schema: GraphQLSchema, options: ExecutorOptions) {
    this.#schema = schema;
    this.#compiled = new CompiledQueries(schema);
    this.#options = options;
  }

  /**
   * Answers a query or mutation, at the latest when its time is up. What it began goes on unseen until then: statements
   * end by the database's own limit, and work that never waits cannot be interrupted at all.
   */
  async run(context: AdmittedContext): Promise<ExecutionResult> {
    const { onAnswered } = this.#options;
    if (!onAnswered) return this.#run(context);
    const began = performance.now();
    const result = await this.#run(context);
    onAnswered(String(result.errors?.[0].extensions.code ?? 'ok'), (performance.now() - began) / 1000);
    return result;
  }

  async #run(context: AdmittedContext): Promise<ExecutionResult> {
    try {
      const begun = this.#begin(context);
      // Most lookups are answered at once, and need no clock.
      return shownResult(begun instanceof Promise ? await this.#inTime(begun) : begun, context);
    } catch (error) {
      return failed(error, context);
    }
  }

  /** Opens a subscription: its events, or why there are none. Time is limited for opening it only. */
  async subscribe(context: AdmittedContext): Promise<Events | ExecutionResult> {
    try {
      const opened = await this.#inTime(subscribe(this.#argumentsOf(context)));
      return Symbol.asyncIterator in opened ? (opened as Events) : shownResult(opened, context);
    } catch (error) {
      return failed(error, context);
    }
  }

  #begin(context: AdmittedContext): ExecutionResult | Promise<ExecutionResult> {
    const compiled = this.#compiled.find(context.question);
    const result = compiled?.query(undefined, context, context.question.variables);
    if (result instanceof Promise) return result.then((awaited) => this.#checked(awaited as ExecutionResult, context));
    return this.#checked(result as ExecutionResult | undefined, context);
  }

  /** Without data the variables were refused: graphql-js says so in the words and places that clients know. */
  #checked(result: ExecutionResult | undefined, context: AdmittedContext): ExecutionResult | Promise<ExecutionResult> {
    if (result?.data !== undefined) return result;
    return execute(this.#argumentsOf(context)) as ExecutionResult | Promise<ExecutionResult>;
  }

  #argumentsOf(context: AdmittedContext): ExecutionArgs {
    const { document, operationName, variables } = context.question;
    return {
      schema: this.#schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: context,
      hideSuggestions: !this.#options.suggestions,
    };
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    const limit = this.#options.operationTimeoutMs;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const message = `The operation took longer than ${limit} ms and was given up; ask for less at a time.`;
        reject(new DomainError('TIMED_OUT', message, { limitMs: limit }));
      }, limit);
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

/** The result with its errors as clients see them. */
export function shownResult(result: ExecutionResult, context: RequestContext): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => presentError(error, context)) };
}

function failed(error: unknown, context: RequestContext): ExecutionResult {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return { errors: [presentError(new GraphQLError(originalError.message, { originalError }), context)] };
}
