import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** How large a document is once its fragments are unfolded. */
export interface DocumentShape {
  /** Fields on the longest way from the root to a leaf. */
  readonly depth: number;
  /** Fields with every fragment spread in place, which is what a compiler would have to write out. */
  readonly fields: number;
}

const NOTHING: DocumentShape = { depth: 0, fields: 0 };

/** Measures the largest operation of a document. A fragment that spreads itself counts once; validation refuses it. */
export function documentShape(document: DocumentNode): DocumentShape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const measured = new Map<string, DocumentShape>();

  const measureFragment = (name: string): DocumentShape => {
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, NOTHING);
    const shape = measure(fragments.get(name)?.selectionSet);
    measured.set(name, shape);
    return shape;
  };
  const measure = (set: SelectionSetNode | undefined): DocumentShape => {
    let depth = 0;
    let fields = 0;
    for (const node of set?.selections ?? []) {
      const inner = node.kind === Kind.FRAGMENT_SPREAD ? measureFragment(node.name.value) : measure(node.selectionSet);
      const own = node.kind === Kind.FIELD ? 1 : 0;
      depth = Math.max(depth, inner.depth + own);
      fields += inner.fields + own;
    }
    return { depth, fields };
  };

  return document.definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .map((node) => measure(node.selectionSet))
    .reduce((a, b) => ({ depth: Math.max(a.depth, b.depth), fields: Math.max(a.fields, b.fields) }), NOTHING);
}

const MOST_COMPILED_FIELDS = 500;

/**
 * Whether graphql-jit may compile the operation. It pastes literal values into program text, and in 0.8.9 a crafted
 * string literal runs as code, so a document with any string literal is left to graphql-js; so is what it is known
 * to get wrong (fragments under @skip and @include), what gains nothing (mutations, introspection) and what would
 * unfold into too much program.
 */
export function isCompilable(document: DocumentNode, operationName: string | null | undefined): boolean {
  if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return false;
  if (documentShape(document).fields > MOST_COMPILED_FIELDS) return false;
  let compilable = true;
  const refuse = () => {
    compilable = false;
  };
  visit(document, {
    StringValue: refuse,
    Directive: refuse,
    Field(node) {
      if (node.name.value === '__schema' || node.name.value === '__type') refuse();
    },
  });
  return compilable;
}
