import type { App } from '../../app.ts';
import { DomainError } from '../../errors.ts';
import type { ChangesetExportInput } from '../../exchange/changesetExport.service.ts';
import type { GridExportInput } from '../../exchange/gridExport.service.ts';
import { exportGrids } from '../exchange.ts';
import { type ChangesetHouse, exportChangeset } from './changesetActs.ts';

export type ExportHouse = App & ChangesetHouse;
export type ExportOptions = Partial<GridExportInput & ChangesetExportInput> & { readonly out?: string };

/** Writes the grids of a layer or of a changeset as GeoJSON to a file or to stdout. Throws BAD_INPUT for neither. */
export async function exportFile(house: ExportHouse, { out, ...input }: ExportOptions): Promise<void> {
  const { changeset, layer, tier } = input;
  const refuse = (field: string, message: string) => {
    throw new DomainError('BAD_INPUT', `${field}: ${message}`, { field });
  };
  if (changeset === undefined && layer === undefined) refuse('--layer', 'give --layer CODE, or --changeset ID.');
  if (changeset === undefined && input.all) refuse('--all', 'it goes with --changeset; a layer is written whole.');
  if (layer === undefined && tier !== undefined) refuse('--tier', 'say of which layer with --layer CODE.');
  if (changeset === undefined) return exportGrids(house, { ...input, layer: layer! }, out);
  return exportChangeset(house, { ...input, changeset }, out);
}
