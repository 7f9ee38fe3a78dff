import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Viewer } from '../../access/viewer.ts';
import { presentError } from '../errorFormat.ts';
import type { Admitted } from '../guard/guard.ts';
import { CompiledQueries } from './compiledQueries.ts';
import { FeedEvents, type Showing } from './feedEvents.ts';
import { inTime } from './inTime.ts';
import { SharedResults } from './sharedResults.ts';

/** What the doors hand to the resolvers: the question is there because the guard let it pass. */
export interface AdmittedContext extends RequestContext {
  readonly question: Admitted;
}

/** Of an operation that goes on: the door renews the viewer while it runs, and feeds look at it for each event. */
export type RunningContext = AdmittedContext & { viewer: Viewer };

export interface ExecutorOptions {
  readonly operationTimeoutMs: number;
  readonly suggestions: boolean;
  /** Told how each query and mutation ended: `ok` or the code of its first error. */
  readonly onAnswered?: (outcome: string, seconds: number) => void;
}

/** Executes what the guard admitted, the same for all doors. Errors are as clients see them. */
export class Executor {
  readonly #schema: GraphQLSchema;
  readonly #compiled: CompiledQueries;
  readonly #shared: SharedResults;
  readonly #options: ExecutorOptions;

  constructor(schema: GraphQLSchema, options: ExecutorOptions) {
    this.#schema = schema;
    this.#compiled = new CompiledQueries(schema);
    this.#shared = new SharedResults(schema);
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
      return shownResult(
        begun instanceof Promise ? await inTime(begun, this.#options.operationTimeoutMs) : begun,
        context,
      );
    } catch (error) {
      return failed(error, context);
    }
  }

  /** Opens a subscription: its events, or why there are none. Time is limited for opening it only. */
  async subscribe(context: AdmittedContext): Promise<FeedEvents | ExecutionResult> {
    const args = this.#argumentsOf(context);
    const opening = createSourceEventStream(args);
    try {
      const opened = await inTime(opening, this.#options.operationTimeoutMs);
      return Symbol.asyncIterator in opened ? this.#eventsOf(opened, args, context) : shownResult(opened, context);
    } catch (error) {
      // What is opened too late is closed again.
      void opening.then(
        (late) => void (Symbol.asyncIterator in late && this.#eventsOf(late, args, context).return()),
        () => {},
      );
      return failed(error, context);
    }
  }

  #eventsOf(source: AsyncIterable<unknown>, args: ExecutionArgs, context: AdmittedContext): FeedEvents {
    const { question } = context;
    const [executing, compiled] = [this.#shared.executing(question), this.#compiled.find(question)];
    return new FeedEvents(source, new ShownOperation({ args, context, executing, compiled }));
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
}

interface OpenedOperation {
  readonly args: ExecutionArgs;
  readonly context: AdmittedContext;
  readonly executing: ReturnType<SharedResults['executing']>;
  readonly compiled: CompiledQuery | undefined;
}

/** A class, because tens of thousands are open at a time: each function with a name of its own takes a third of a kilobyte. */
class ShownOperation implements Showing {
  readonly #operation: OpenedOperation;

  constructor(operation: OpenedOperation) {
    this.#operation = operation;
  }

  show(item: unknown): ExecutionResult | Promise<ExecutionResult> {
    const { args, context, executing, compiled } = this.#operation;
    const result = executing(item, (fieldResolver) => {
      return (
        compiled
          ? compiled.query(item, context, context.question.variables)
          : execute({ ...args, rootValue: item, fieldResolver })
      ) as ExecutionResult | Promise<ExecutionResult>;
    });
    return result instanceof Promise
      ? result.then((awaited) => shownResult(awaited, context))
      : shownResult(result, context);
  }

  failed(error: unknown): ExecutionResult {
    return failed(error, this.#operation.context);
  }
}

/** The result with its errors as clients see them. */
function shownResult(result: ExecutionResult, context: RequestContext): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => presentError(error, context)) };
}

function failed(error: unknown, context: RequestContext): ExecutionResult {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return { errors: [presentError(new GraphQLError(originalError.message, { originalError }), context)] };
}
