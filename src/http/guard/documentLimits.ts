import { type DocumentNode, GraphQLError, Kind, type ValidationRule } from 'graphql';
import { DomainError } from '../../errors.ts';
import { documentShape, repeatedFields } from './documentShape.ts';

/**
 * Characters of one document; 1,000 places pasted into it have some 60,000. A comment costs no token, so tokens alone
 * would let a body-sized document into memory.
 */
export const MOST_CHARACTERS = 256_000;
/** Tokens of one document. With variables a query has some hundred; 1,000 places pasted into it still pass. */
export const MOST_TOKENS = 20_000;

/**
 * The rest is counted with fragments unfolded. The deepest way that means anything: a place, its layers, a chain, a
 * holding, its post, grid, manager. Introspection as tools send it is 15 deep.
 */
const MOST = {
  depth: 10,
  introspectionDepth: 15,
  aliases: 15,
  directives: 50,
  selections: 10_000,
  fragments: 200,
  repeats: 500,
} as const;

const ADVICE: Readonly<Record<keyof typeof MOST, readonly [words: string, advice: string]>> = {
  depth: ['fields deep', 'ask in two queries'],
  introspectionDepth: ['fields deep below __schema', 'ask for less of the schema'],
  aliases: ['aliases', 'ask for several places with `ownerships`, or in several requests'],
  directives: ['directives', 'leave out what you do not need, or ask in two queries'],
  selections: ['fields with its fragments unfolded', 'ask in several queries'],
  fragments: ['fragments', 'ask in several queries'],
  repeats: ['fields asked for again at the same place', 'ask for each once'],
};

function assertAtMost(what: keyof typeof MOST, found: number): void {
  const limit = MOST[what];
  if (found <= limit) return;
  const [words, advice] = ADVICE[what];
  const message = `The document has ${found} ${words}, more than the ${limit} allowed; ${advice}.`;
  throw new DomainError('TOO_LARGE', message, { [what]: found, limit });
}

/** Throws TOO_LARGE, before anything is parsed. */
export function assertReadable(source: string): void {
  if (source.length <= MOST_CHARACTERS) return;
  const message = `The document has ${source.length} characters, more than the ${MOST_CHARACTERS} allowed; pass long values as variables.`;
  throw new DomainError('TOO_LARGE', message, { characters: source.length, limit: MOST_CHARACTERS });
}

/** Throws TOO_LARGE for a document that would be costly even to validate. */
export function assertModest(document: DocumentNode): void {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).length;
  assertAtMost('fragments', fragments);
  const shape = documentShape(document);
  assertAtMost('selections', shape.selections);
  assertAtMost('depth', shape.depth);
  assertAtMost('introspectionDepth', shape.introspectionDepth);
  assertAtMost('aliases', shape.aliases);
  assertAtMost('directives', shape.directives);
  assertAtMost('repeats', repeatedFields(document));
}

/** Refuses mutations and subscriptions while the schema has none: graphql-js finds that out only when it executes. */
export const operationRule: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return false;
    const message = `This server takes no ${node.operation}s; ask with a query.`;
    const originalError = new DomainError('BAD_INPUT', message, { field: node.operation });
    context.reportError(new GraphQLError(message, { nodes: node, originalError }));
    return false;
  },
});
