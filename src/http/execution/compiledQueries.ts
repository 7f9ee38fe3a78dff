import { type DocumentNode, type GraphQLSchema, isAbstractType, Kind, OperationTypeNode, parse, visit } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { documentShape } from '../guard/documentShape.ts';
import type { Admitted } from '../guard/guard.ts';

const MOST_COMPILED_SELECTIONS = 500;

/** How often an operation of a document was asked, and what became of it. */
type Progress = 'seen once' | 'never' | CompiledQuery;

/**
 * Code that graphql-jit writes for queries and for the events of subscriptions, some ten times faster than walking the
 * document. A document is compiled when it comes a second time; the compiled query lives as long as the document is kept.
 */
export class CompiledQueries {
  readonly #schema: GraphQLSchema;
  readonly #progress = new WeakMap<DocumentNode, Map<string | undefined, Progress>>();

  constructor(schema: GraphQLSchema) {
    assertSynchronousTypes(schema);
    this.#schema = schema;
  }

  /** Undefined where the operation was not asked before, or may not be compiled. */
  find(question: Admitted): CompiledQuery | undefined {
    const { document, source, operationName } = question;
    let operations = this.#progress.get(document);
    if (!operations) {
      operations = new Map();
      this.#progress.set(document, operations);
    }
    const progress = operations.get(operationName);
    if (progress === undefined) {
      operations.set(operationName, isCompilable(question) ? 'seen once' : 'never');
      return undefined;
    }
    if (progress !== 'seen once') return progress === 'never' ? undefined : progress;
    // From a copy: the compiler writes into the document it is given.
    const compiled = compileQuery(this.#schema, parse(source), operationName);
    operations.set(operationName, isCompiledQuery(compiled) ? compiled : 'never');
    return isCompiledQuery(compiled) ? compiled : undefined;
  }
}

/**
 * Whether graphql-jit may compile the operation. It pastes literal values into program text, and in 0.8.9 a crafted
 * string literal runs as code, so a document with any string literal is left to graphql-js; so is what it is known
 * to get wrong (fragments under @skip and @include), what gains nothing (mutations, introspection) and what would
 * unfold into too much program.
 */
export function isCompilable({ document, operation }: Pick<Admitted, 'document' | 'operation'>): boolean {
  if (operation.operation === OperationTypeNode.MUTATION) return false;
  const { selections, introspectionDepth, directives } = documentShape(document);
  if (selections > MOST_COMPILED_SELECTIONS || introspectionDepth > 0 || directives > 0) return false;
  let compilable = true;
  const refuse = () => {
    compilable = false;
  };
  visit(document, { [Kind.STRING]: refuse, [Kind.DIRECTIVE]: refuse });
  return compilable;
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
