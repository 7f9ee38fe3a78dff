import type { Kysely } from 'kysely';
import { AddressRepository } from '../../src/addresses/address.repository.ts';
import type { AddressDraft } from '../../src/addresses/address.type.ts';
import { AddressFinder } from '../../src/addresses/addressFinder.ts';
import { AddressWritingRepository } from '../../src/addresses/addressWriting.repository.ts';
import type { Clock } from '../../src/clock.ts';
import { allowLongStatements } from '../../src/db/database.ts';
import type { Database } from '../../src/db/tables.ts';
import { fromLattice, toLattice } from '../../src/geometry/lattice.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../src/grids/edition.service.ts';
import { editionBooks } from '../support/editionBooks.ts';
import { type AddressBook, standardText } from './generator/addressBook.ts';

/** Addresses over a database, as the composition root builds them. */
export function openAddresses(db: Kysely<Database>, clock: Clock = () => new Date('2026-06-01T00:00:00Z')) {
  const atlas = new Atlas(new TerritoryRepository(db));
  const editions = new EditionService(db, clock, [atlas], editionBooks(clock));
  const repository = new AddressRepository(db);
  return {
    atlas,
    editions,
    repository,
    finder: new AddressFinder(repository, atlas),
    writing: new AddressWritingRepository(),
  };
}

/** A made-up book as drafts, valid from 2020 on. */
export function draftsOf({ entries }: AddressBook): AddressDraft[] {
  const onLattice = (degrees: number) => fromLattice(toLattice(degrees));
  return entries.map(({ id, parts, aliases, lon, lat }) => ({
    id,
    text: standardText(parts),
    aliases,
    point: { lon: onLattice(lon), lat: onLattice(lat) },
    buildingId: null,
    validFrom: new Date('2020-01-01T00:00:00Z'),
    validTo: null,
  }));
}

export async function publishBook(house: ReturnType<typeof openAddresses>, drafts: readonly AddressDraft[]) {
  await house.editions.publish('An address book', async (trx, edition) => {
    await allowLongStatements(trx, 600_000);
    await house.writing.insertAddresses(trx, edition, drafts);
  });
}
