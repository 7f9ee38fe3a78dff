import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { type GridEntry, isKnown, type LayerEntry, type TierEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { LayerKind } from '../../grids/territory.type.ts';
import type { GridImportInput } from '../exchange.type.ts';

/** What a tier's first import holds from: nothing is known to have been otherwise before. */
const BEGINNING = new Date(0);

/** Where the rows of a file go, and what the registry knows there. */
export interface ImportTarget {
  readonly layerCode: string;
  readonly tierCode: string;
  readonly kind: LayerKind;
  readonly rank: number;
  readonly scheme: string;
  /** Undefined where the import makes it. */
  readonly layer: LayerEntry | undefined;
  readonly tier: TierEntry | undefined;
  readonly effectiveAt: Date;
  /** The newest edition, at the instant of the change. */
  readonly moment: Moment;
  /** Every grid the tier ever had. */
  readonly grids: readonly GridEntry[];
}

/** Resolves layer, tier, scheme and date. Throws NOT_FOUND and BAD_INPUT with the option that mends it. */
export function resolveTarget(atlas: Atlas, edition: number, input: GridImportInput, now: Date): ImportTarget {
  const layer = atlas.findLayer(input.layer);
  const tier = layer?.tiers.find((each) => each.code === input.tier);
  assertExists(atlas, edition, input, layer, tier);
  const rank = tier?.rank ?? (layer?.tiers.at(-1)?.rank ?? 0) + 1;
  assertParentOption(input, layer?.tiers.find((each) => each.rank < rank)?.code);
  const grids = tier ? [...atlas.grids].filter((grid) => grid.tier === tier) : [];
  const effectiveAt = input.effectiveAt ?? (grids.length === 0 ? BEGINNING : now);
  const scheme = input.scheme ?? tier?.scheme?.code ?? input.layer;
  return {
    layerCode: input.layer,
    tierCode: input.tier,
    kind: layer?.kind ?? (input.create === 'overlay' ? 'OVERLAY' : 'PARTITION'),
    rank,
    scheme,
    layer,
    tier,
    effectiveAt,
    moment: { asOf: effectiveAt.getTime(), edition },
    grids,
  };
}

function assertExists(
  atlas: Atlas,
  edition: number,
  { layer: code, tier: tierCode, create }: GridImportInput,
  layer: LayerEntry | undefined,
  tier: TierEntry | undefined,
): void {
  for (const [field, value] of [
    ['--layer', code],
    ['--tier', tierCode],
  ] as const) {
    if (value.length >= 1 && value.length <= 64) continue;
    throw new DomainError('BAD_INPUT', `${field}: a code has 1 to 64 characters.`, { field });
  }
  if (layer && create && layer.kind.toLowerCase() !== create) {
    const message = `--create: layer ${code} exists and is a ${layer.kind}; its kind does not change. Use --create ${layer.kind.toLowerCase()}.`;
    throw new DomainError('BAD_INPUT', message, { field: '--create' });
  }
  if (tier || create) return;
  const [field, message] = layer
    ? ['--tier', `Layer ${code} has no tier ${tierCode}; it has ${list(layer.tiers)}.`]
    : ['--layer', `There is no layer ${code}; there is ${list(atlas.layersAt(edition))}.`];
  const kind = layer?.kind.toLowerCase() ?? 'partition (or overlay)';
  throw new DomainError('NOT_FOUND', `${field}: ${message} --create ${kind} makes it.`, { field });
}

function list(entries: readonly { readonly code: string }[]): string {
  return entries.map((entry) => entry.code).join(', ') || 'none';
}

function assertParentOption({ tier, parentField, parentBy }: GridImportInput, higher: string | undefined): void {
  const refuse = (message: string) => {
    throw new DomainError('BAD_INPUT', message, { field: '--parent-field' });
  };
  if (parentField !== undefined && parentBy !== undefined) {
    refuse('--parent-field and --parent-by exclude each other; give one.');
  }
  const isGiven = parentField !== undefined || parentBy !== undefined;
  if (higher === undefined && isGiven) {
    refuse(
      `Tier ${tier} is the highest of its layer, so its grids have no parent; leave --parent-field and --parent-by out.`,
    );
  }
  if (higher !== undefined && !isGiven) {
    refuse(
      `Grids of tier ${tier} need a parent (${higher} is above it): give --parent-field FIELD or --parent-by location.`,
    );
  }
}

/** The instants up to which the registry knows the grid without a break from `asOf` on; `asOf` itself if it does not. */
export function knownUntil(grid: GridEntry, { asOf, edition }: Moment): number {
  let until = asOf;
  const versions = grid.versions.filter((version) => isKnown(version, edition) && version.validTo > asOf);
  for (const version of versions.sort((a, b) => a.validFrom - b.validFrom)) {
    if (version.validFrom > until) break;
    until = version.validTo;
  }
  return until;
}
