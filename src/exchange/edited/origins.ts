import type { DraftGrid } from '../../changesets/territory/draftGrid.ts';
import { mainCodeOf } from '../../changesets/territory/draftGrid.ts';
import type { Territory } from '../../changesets/territory/territory.ts';
import { DomainError } from '../../errors.ts';
import type { Shape } from '../../geometry/polygon.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { isKnown, mainCode } from '../../grids/atlas/rows.ts';
import type { EditedRow } from './editedRows.ts';

/** What the file said of a grid before anybody edited it. */
export interface Origin {
  readonly layer: string;
  readonly tier: string;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly parentId: string | null;
  readonly parentCode: string | null;
  readonly managerId: string | null;
  readonly shape: Shape;
}

/** Finds what files were written from. */
export interface Origins {
  /**
   * What a row with an id was written from; undefined where that is a state of the draft that is gone, so that nobody can
   * say what was edited. Throws BAD_FILE and NOT_FOUND for what no export writes.
   */
  find(row: EditedRow): Origin | undefined;
  /** Whether the registry held the grid, as it is in the base of the draft, when that edition was published. */
  held(base: DraftGrid, edition: number): boolean;
}

/** The draft that a file is compared with. */
export interface ComparedDraft {
  readonly id: string;
  readonly revision: number;
  readonly baseEdition: number;
  /** What it starts from, and what it has made of that. */
  readonly base: Territory;
  readonly territory: Territory;
}

/** Origins in the registry, in any version of a grid that it ever had, and in the draft itself. */
export function registryOrigins(atlas: Atlas, draft: ComparedDraft): Origins {
  return {
    find(row) {
      if (row.changeset === draft.id) {
        const present = draft.territory.find(row.id!);
        const isUntouched = present !== undefined && present === draft.base.find(row.id!);
        if (row.revision === draft.revision || isUntouched) {
          if (present) return originInDraft(present, draft.territory);
          return refuse('NOT_FOUND', 'id', `The draft has no grid ${row.id}. Leave the feature out.`);
        }
        return undefined;
      }
      return originInRegistry(atlas, row, draft.baseEdition);
    },
    held(base, edition) {
      const version = atlas.findGrid(base.id)?.versions.find((each) => each.id === base.versionId);
      return version !== undefined && isKnown(version, edition);
    },
  };
}

/** What an export of the draft says of a grid. */
export function originInDraft(grid: DraftGrid, territory: Territory): Origin {
  const parent = grid.parentId === null ? undefined : territory.find(grid.parentId);
  return { ...grid, code: mainCodeOf(grid), parentCode: parent ? mainCodeOf(parent) : null };
}

function originInRegistry(atlas: Atlas, row: EditedRow, baseEdition: number): Origin {
  const { id, version: versionId, changeset } = row;
  const grid = atlas.findGrid(id!);
  if (versionId === null) {
    if (changeset === null) {
      const message = `The feature names grid ${id} but not its version, so nobody can tell what was edited. Keep the property "version" that the export wrote; a new grid has neither id nor version.`;
      return refuse('BAD_FILE', 'version', message);
    }
    const message = `Grid ${id} was made by changeset ${changeset}, which is not this one. Import the file into that one.`;
    return refuse('BAD_FILE', 'changeset', message);
  }
  if (!grid) return refuse('NOT_FOUND', 'id', `The registry has no grid ${id}. A new grid has neither id nor version.`);
  const version = grid.versions.find((each) => each.id === versionId);
  if (!version) {
    const message = `Version ${versionId} is not one of grid ${id}. Put back what the export wrote.`;
    return refuse('NOT_FOUND', 'version', message);
  }
  const edition = row.edition ?? baseEdition;
  return {
    layer: grid.layer.code,
    tier: grid.tier.code,
    code: mainCode(grid, edition),
    name: version.name,
    kind: version.kind,
    parentId: version.parent?.id ?? null,
    parentCode: version.parent && mainCode(version.parent, edition),
    managerId: version.managerId,
    shape: version.shape,
  };
}

function refuse(code: 'BAD_FILE' | 'NOT_FOUND', field: string, message: string): never {
  throw new DomainError(code, message, { field });
}
