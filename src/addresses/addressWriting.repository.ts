import { sql, type Transaction } from 'kysely';
import { allowLongStatements } from '../db/database.ts';
import { pointValue } from '../db/postgis.ts';
import type { Database } from '../db/tables.ts';
import type { AddressDraft, BuildingDraft, Validity } from './address.type.ts';
import { filedUnder, type SearchKeys } from './match/anchors.ts';
import { parseAddress } from './text/parseAddress.ts';

type Trx = Transaction<Database>;

// Bounds the size of one statement.
const BATCH = 1000;

/** Writes addresses and buildings inside an edition being published. */
export class AddressWritingRepository {
  /** Lets the statements of a large file take `milliseconds` each. */
  allowLong(trx: Trx, milliseconds: number): Promise<void> {
    return allowLongStatements(trx, milliseconds);
  }

  /** Adds identities that are new, and versions of any, with the names they are found by. */
  async insertAddresses(trx: Trx, edition: number, drafts: readonly AddressDraft[]): Promise<void> {
    for (const batch of batches(drafts)) {
      await this.#insertIdentities(trx, edition, 'address', batch);
      const rows = await trx
        .insertInto('address_version')
        .values(
          batch.map((draft) => ({
            address_id: draft.id,
            main_text: draft.text,
            aliases: [...draft.aliases],
            point: pointValue(draft.point.lon, draft.point.lat),
            building_id: draft.buildingId,
            valid: rangeOf(draft),
            edition_from: edition,
          })),
        )
        .returning('id')
        .execute();
      await this.#fileAnchors(
        trx,
        edition,
        batch,
        rows.map(({ id }) => id),
      );
    }
  }

  async insertBuildings(trx: Trx, edition: number, drafts: readonly BuildingDraft[]): Promise<void> {
    for (const batch of batches(drafts)) {
      await this.#insertIdentities(trx, edition, 'building', batch);
      await trx
        .insertInto('building_version')
        .values(
          batch.map((draft) => ({
            building_id: draft.id,
            name: draft.name,
            point: pointValue(draft.point.lon, draft.point.lat),
            valid: rangeOf(draft),
            edition_from: edition,
          })),
        )
        .execute();
    }
  }

  /** Closes versions, by their numbers: from this edition on they are not what the registry believes. */
  async closeVersions(
    trx: Trx,
    edition: number,
    table: 'address_version' | 'building_version',
    ids: readonly number[],
  ): Promise<void> {
    for (const batch of batches(ids)) {
      await trx.updateTable(table).set({ edition_to: edition }).where('id', 'in', batch).execute();
    }
  }

  async #insertIdentities(trx: Trx, edition: number, table: 'address' | 'building', drafts: readonly { id: string }[]) {
    const ids = [...new Set(drafts.map(({ id }) => id))];
    await sql`insert into ${sql.table(table)} (id, edition_from)
      select i, ${edition}::int from unnest(${ids}::uuid[]) i on conflict do nothing`.execute(trx);
  }

  async #fileAnchors(trx: Trx, edition: number, drafts: readonly AddressDraft[], versions: readonly number[]) {
    const anchors = drafts.flatMap((draft, i) => anchorRows(keysOf(draft), Number(versions[i])));
    const names = [...new Set(anchors.map(({ name }) => name))];
    await sql`insert into address_name (spaced) select n from unnest(${names}::text[]) n on conflict do nothing`.execute(
      trx,
    );
    await sql`insert into address_anchor (version_id, name_id, number, number_from, number_to, numbers, divisions, edition_from)
      select a.version_id, n.id, a.number, a."from", a."to", a.numbers, a.divisions, ${edition}::int
      from jsonb_to_recordset(${JSON.stringify(anchors)}::text::jsonb)
        as a(version_id bigint, name text, number text, "from" int, "to" int, numbers text[], divisions text[])
      join address_name n on n.spaced = a.name`.execute(trx);
  }
}

function keysOf({ text, aliases }: AddressDraft): SearchKeys[] {
  return [text, ...aliases].map((each) => filedUnder(parseAddress(each)));
}

/** One row for each name and number, however many texts say them. */
function anchorRows(keys: readonly SearchKeys[], versionId: number) {
  const divisions = [...new Set(keys.flatMap((each) => each.divisions))];
  const numbers = [...new Set(keys.flatMap((each) => each.numbers))];
  const anchors = new Map(
    keys.flatMap((each) => each.anchors).map((anchor) => [`${anchor.name}/${anchor.number ?? ''}`, anchor]),
  );
  return [...anchors.values()].map((anchor) => ({ version_id: versionId, ...anchor, numbers, divisions }));
}

function rangeOf({ validFrom, validTo }: Validity) {
  return sql<string>`tstzrange(${validFrom}::timestamptz, ${validTo}::timestamptz)`;
}

function* batches<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += BATCH) yield list.slice(i, i + BATCH);
}
