import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { rightsOf } from '../../access/declareRight.ts';
import type { Action } from '../../access/rights.ts';
import { DomainError } from '../../errors.ts';
import { refuseAs } from '../refusal.ts';
import { assertModest, assertReadable, MOST_TOKENS, operationRule } from './documentLimits.ts';

/** Together, of the documents kept; one takes some fifty bytes of memory a character. */
const MOST_CHARACTERS_KEPT = 1_000_000;
const MOST_FAULTS = 20;

/** A document that passed every check that needs no variables and no viewer. */
export interface ReadDocument {
  /** Its text: one and the same for all who ask in these words. */
  readonly source: string;
  readonly document: DocumentNode;
  /** Each right it takes, with the first field that takes it. */
  readonly rights: ReadonlyMap<Action, string>;
}

export interface ReaderOptions {
  /** Whether documents may ask for the schema. */
  readonly introspection: boolean;
  /** Whether a refusal may say "Did you mean …?", which tells names of the schema. */
  readonly suggestions: boolean;
}

/** Reads, checks and keeps documents by their text, so that a client's queries are checked once. */
export class DocumentReader {
  readonly #schema: GraphQLSchema;
  readonly #rules: readonly ValidationRule[];
  readonly #hideSuggestions: boolean;
  readonly #kept = new LRUCache<string, ReadDocument & { readonly hash: string }>({
    maxSize: MOST_CHARACTERS_KEPT,
    sizeCalculation: (_, source) => source.length + 100,
    dispose: ({ hash }) => void this.#byHash.delete(hash),
  });
  readonly #byHash = new Map<string, DocumentNode>();

  constructor(schema: GraphQLSchema, { introspection, suggestions }: ReaderOptions) {
    this.#schema = schema;
    this.#rules = [...specifiedRules, operationRule, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
    this.#hideSuggestions = !suggestions;
  }

  /** The document, where it has been read before. */
  find(source: string): ReadDocument | undefined {
    return this.#kept.get(source);
  }

  /** A document kept, by the SHA-256 of its text in hexadecimal. */
  findByHash(hash: string): DocumentNode | undefined {
    return this.#byHash.get(hash);
  }

  /** Throws TOO_LARGE, or a Refusal with all that is wrong with it. */
  read(source: string): ReadDocument {
    assertReadable(source);
    const document = parseBounded(source);
    assertModest(document);
    const errors = this.#validate(document);
    if (errors.length > 0) throw refuseAs('GRAPHQL_VALIDATION_FAILED', errors);
    const hash = createHash('sha256').update(source).digest('hex');
    const read = { source, document, rights: rightsOf(this.#schema, document), hash };
    this.#kept.set(source, read);
    this.#byHash.set(hash, document);
    return read;
  }

  #validate(document: DocumentNode): readonly GraphQLError[] {
    const options = { maxErrors: MOST_FAULTS, hideSuggestions: this.#hideSuggestions };
    try {
      return validate(this.#schema, document, this.#rules, options);
    } catch (error) {
      // Of a subscription it works out @include while it validates, and throws where the value is wrong.
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }
}

function parseBounded(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: MOST_TOKENS });
  } catch (error) {
    // Brackets within brackets, thousands deep: the parser calls itself for each.
    if (error instanceof RangeError) {
      throw new DomainError('TOO_LARGE', 'The document is nested too deep to be read; ask in several queries.');
    }
    if (error instanceof GraphQLError) {
      if (!error.message.includes('Document contains more tha')) throw refuseAs('GRAPHQL_PARSE_FAILED', [error]);
      const message = `The document has more than ${MOST_TOKENS} tokens; pass long values as variables.`;
      throw new DomainError('TOO_LARGE', message, { limit: MOST_TOKENS });
    }
    throw error;
  }
}
