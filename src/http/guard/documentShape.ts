import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large a document is once its fragments are unfolded; of several operations, the largest of each. */
export interface DocumentShape {
  /** Fields on the longest way from the root to a leaf, not counting what lies below `__schema` and `__type`. */
  readonly depth: number;
  /** The same below `__schema` and `__type`, these included; 0 without them. */
  readonly introspectionDepth: number;
  /** Fields, spreads and inline fragments, which is what validation, the cost and a compiler have to walk. */
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const NOTHING: DocumentShape = { depth: 0, introspectionDepth: 0, selections: 0, aliases: 0, directives: 0 };
/** Fragments that spread each other twice double at each step; past this the number itself says nothing more. */
const MANY = 1e9;

function fragmentsOf(document: DocumentNode): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return fragments;
}

/** Measures every definition of a document. A fragment that spreads itself counts once; validation refuses it. */
export function documentShape(document: DocumentNode): DocumentShape {
  const fragments = fragmentsOf(document);
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
    let sum = NOTHING;
    for (const node of set?.selections ?? []) {
      const inner = node.kind === Kind.FRAGMENT_SPREAD ? measureFragment(node.name.value) : measure(node.selectionSet);
      sum = joined(sum, around(node, inner));
    }
    return sum;
  };
  let most = NOTHING;
  for (const node of document.definitions) {
    // How deep a fragment lies is known only where it is spread.
    if (node.kind === Kind.FRAGMENT_DEFINITION)
      most = largest(most, { ...measureFragment(node.name.value), depth: 0, introspectionDepth: 0 });
    if (node.kind === Kind.OPERATION_DEFINITION) most = largest(most, measure(node.selectionSet));
  }
  return most;
}

function around(node: SelectionNode, inner: DocumentShape): DocumentShape {
  const isField = node.kind === Kind.FIELD;
  const introspects = isField && (node.name.value === '__schema' || node.name.value === '__type');
  const depth = inner.depth + (isField ? 1 : 0);
  return {
    depth: introspects ? 0 : depth,
    introspectionDepth: introspects ? depth : inner.introspectionDepth,
    selections: inner.selections + 1,
    aliases: inner.aliases + (isField && node.alias ? 1 : 0),
    directives: inner.directives + (node.directives?.length ?? 0),
  };
}

/** One beside the other in a selection: ways do not grow longer, counts add up. */
function joined(a: DocumentShape, b: DocumentShape): DocumentShape {
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    selections: Math.min(MANY, a.selections + b.selections),
    aliases: Math.min(MANY, a.aliases + b.aliases),
    directives: Math.min(MANY, a.directives + b.directives),
  };
}

function largest(a: DocumentShape, b: DocumentShape): DocumentShape {
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    selections: Math.max(a.selections, b.selections),
    aliases: Math.max(a.aliases, b.aliases),
    directives: Math.max(a.directives, b.directives),
  };
}

interface Place {
  readonly below: Map<string, Place>;
}

/**
 * How many fields ask again for what is already asked for at the same place, fragments unfolded. graphql-js compares
 * every two of them when it validates. Only for documents whose number of selections is bounded.
 */
export function repeatedFields(document: DocumentNode): number {
  const fragments = fragmentsOf(document);
  const reached = new Set<string>();
  let repeats = 0;
  const walk = (set: SelectionSetNode | undefined, place: Place, within: readonly string[]): void => {
    for (const node of set?.selections ?? []) {
      if (node.kind === Kind.INLINE_FRAGMENT) walk(node.selectionSet, place, within);
      else if (node.kind === Kind.FRAGMENT_SPREAD) {
        const name = node.name.value;
        reached.add(name);
        if (!within.includes(name)) walk(fragments.get(name)?.selectionSet, place, [...within, name]);
      } else {
        const key = (node.alias ?? node.name).value;
        const known = place.below.get(key);
        if (known) repeats += 1;
        const next = known ?? { below: new Map() };
        place.below.set(key, next);
        walk(node.selectionSet, next, within);
      }
    }
  };
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) walk(node.selectionSet, { below: new Map() }, []);
  for (const [name, { selectionSet }] of fragments)
    if (!reached.has(name)) walk(selectionSet, { below: new Map() }, [name]);
  return repeats;
}
