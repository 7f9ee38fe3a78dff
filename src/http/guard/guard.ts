import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { Action } from '../../access/rights.ts';
import { assertMay } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import { Refusal, refuse, refuseAs } from '../refusal.ts';
import { type Asker, callerOf } from './callers.ts';
import { CostMeter } from './costMeter.ts';
import { DocumentReader, type ReadDocument, type ReaderOptions } from './documentReader.ts';
import { RateGate } from './rateGate.ts';

export interface GuardOptions extends ReaderOptions {
  /** Most that one operation may cost. */
  readonly costLimit: number;
  /** What one caller may spend in ten seconds. */
  readonly rateLimit: number;
  /** Told of each question that is refused, and who asked it. */
  readonly onRefused?: (error: DomainError | Refusal, asker: Asker) => void;
}

/** What a client asks, over whichever door. */
export interface Question {
  readonly source: string;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/** A question that may be executed. */
export interface Admitted extends ReadDocument {
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What is asked by a path of its own: the right that it takes, by its name for the reader, and what it costs. */
export interface PlainRequest {
  readonly right: Action;
  readonly what: string;
  readonly points: number;
}

/**
 * The one guard of all doors: what passes it may execute. Documents are checked once; each request is charged to its
 * caller, at least one point, a document not seen before one for each of its characters.
 */
export class Guard {
  readonly rates: RateGate;
  readonly #documents: DocumentReader;
  readonly #meter: CostMeter;
  readonly #costLimit: number;
  readonly #onRefused: GuardOptions['onRefused'];

  /** Throws where a field of the schema gives a list and declares no size. */
  constructor(schema: GraphQLSchema, options: GuardOptions) {
    this.rates = new RateGate(options.rateLimit);
    this.#documents = new DocumentReader(schema, options);
    this.#meter = new CostMeter(schema, options.suggestions);
    this.#costLimit = options.costLimit;
    this.#onRefused = options.onRefused;
  }

  /** A document that was admitted, by the SHA-256 of its text. */
  findDocument(hash: string): DocumentNode | undefined {
    return this.#documents.findByHash(hash);
  }

  /** Throws a Refusal. */
  async admit(question: Question, asker: Asker): Promise<Admitted> {
    try {
      return await this.#admit(question, asker);
    } catch (error) {
      if (error instanceof DomainError || error instanceof Refusal) this.#onRefused?.(error, asker);
      throw error instanceof DomainError ? refuse(error) : error;
    }
  }

  /** Lets a request pass that is no document, at a price. Throws a Refusal. */
  async admitPlain({ right, what, points }: PlainRequest, asker: Asker): Promise<void> {
    try {
      await this.rates.spend(callerOf(asker), points);
      assertMay(asker.viewer, right, what);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.#onRefused?.(error, asker);
      throw refuse(error);
    }
  }

  async #admit(question: Question, asker: Asker): Promise<Admitted> {
    const caller = callerOf(asker);
    const known = this.#documents.find(question.source);
    const read = known ?? (await this.#readCharged(question.source, caller));
    try {
      for (const [right, field] of read.rights) assertMay(asker.viewer, right, field);
      const variables = variablesOf(question);
      const operation = operationOf(read.document, question.operationName);
      const cost = this.#meter.costOf(read.document, operation, variables);
      if (cost > this.#costLimit) throw tooCostly(cost, this.#costLimit);
      // Of a new document the one point is spent already.
      const points = known ? Math.max(1, cost) : cost - 1;
      if (points > 0) await this.rates.spend(caller, points);
      return { ...read, operation, operationName: operation.name?.value, variables };
    } catch (error) {
      if (known && !(error instanceof DomainError && error.code === 'RATE_LIMITED')) await this.rates.spend(caller, 1);
      throw error;
    }
  }

  /** Charged before it is parsed, so that who has nothing left costs nothing more. */
  async #readCharged(source: string, caller: string): Promise<ReadDocument> {
    await this.rates.spend(caller, 1 + source.length);
    return this.#documents.read(source);
  }
}

function variablesOf({ variables }: Question): Admitted['variables'] {
  if (variables == null) return {};
  if (typeof variables === 'object' && !Array.isArray(variables)) return variables as Admitted['variables'];
  throw new DomainError('BAD_INPUT', 'variables: give an object with a value for each variable.', {
    field: 'variables',
  });
}

/** The words and the code that Apollo has for it. */
function operationOf(document: DocumentNode, name: unknown): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fail = (message: string) => refuseAs('OPERATION_RESOLUTION_FAILURE', [new GraphQLError(message)]);
  if (name == null) {
    if (operations.length === 1) return operations[0];
    throw fail(
      operations.length === 0
        ? 'Must provide an operation.'
        : 'Must provide operation name if query contains multiple operations.',
    );
  }
  const named = operations.find((node) => node.name?.value === name);
  if (!named) throw fail('No operation of the document has the operationName given.');
  return named;
}

function tooCostly(cost: number, limit: number): DomainError {
  const message = `The operation would cost ${cost}, more than the ${limit} allowed; ask for fewer places, smaller pages or fewer fields.`;
  return new DomainError('TOO_COSTLY', message, { cost, limit });
}
