import { GraphQLError, type ValidationRule } from 'graphql';
import { DomainError } from '../errors.ts';
import { documentShape } from './documentShape.ts';

/** The deepest way that means anything: a place, its layers, a chain, a holding, its post, grid, manager and back. */
const MOST_DEPTH = 20;
/** Tokens of one document. With variables a query has some hundred; 1,000 places pasted into it still pass. */
export const MOST_TOKENS = 20_000;
/** Fields after every fragment is unfolded, judged by Apollo while it validates. */
export const MOST_UNFOLDED_FIELDS = 10_000;

/** Refuses documents nested deeper than any question about responsibility. */
export const depthRule: ValidationRule = (context) => ({
  Document(document) {
    const { depth } = documentShape(document);
    if (depth <= MOST_DEPTH) return false;
    const message = `The query is ${depth} fields deep, more than the ${MOST_DEPTH} allowed; ask in two queries.`;
    const originalError = new DomainError('TOO_LARGE', message, { depth, limit: MOST_DEPTH });
    context.reportError(new GraphQLError(message, { nodes: document, originalError }));
    return false;
  },
});

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
