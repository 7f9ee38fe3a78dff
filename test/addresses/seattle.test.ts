import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { idOf } from '../../seeds/terrain/random.ts';
import type { AddressDraft } from '../../src/addresses/address.type.ts';
import { fromLattice, toLattice } from '../../src/geometry/lattice.ts';
import { importOrFail, openExchange, readCity } from '../exchange/openExchange.ts';
import { isAtHand } from '../geometry/sharedData.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { openAddresses, publishBook } from './openAddresses.ts';

interface Call {
  readonly location: string;
  /** The beat that the police say it lies in. */
  readonly beat: string;
  readonly lon: number;
  readonly lat: number;
}

/** Ways in which people say what the file writes its own way. */
const SAID: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in lower case with long words': (text) =>
    text
      .toLowerCase()
      .replace(/\bst\b/g, 'street')
      .replace(/\bav\b/g, 'avenue')
      .replace(/\bwy\b/g, 'way')
      .replace(/ \/ /, ' and '),
  'with other short words': (text) =>
    text
      .replace(/\bAV\b/g, 'Ave.')
      .replace(/\bWY\b/g, 'Way')
      .replace(/ \/ /, ' & '),
  'with its block in full': (text) => text.replace(/^(\d+)XX BLOCK OF/, '$100 block of'),
  'with its streets the other way round': (text) => text.split(' / ').reverse().join(' / '),
};

function readCalls(): Call[] {
  const rows = parse(readCity('seattle/spd_911_2016.csv'), { columns: true }) as Record<string, string>[];
  return rows.map((row) => ({
    location: row.hundred_block_location,
    beat: row.beat,
    lon: Number(row.longitude),
    lat: Number(row.latitude),
  }));
}

describe.runIf(isAtHand('seattle'))('Seattle (needs ../shared/data/seattle)', () => {
  let house: ReturnType<typeof openAddresses>;
  /** The first call at each location makes the address; a later one at the same location is its twin point. */
  const first = new Map<string, Call>();
  const twins: Call[] = [];

  beforeAll(async () => {
    const { db } = await openTestDatabase();
    await emptyTables(db);
    const exchange = openExchange(db);
    const beats = { layer: 'spd', tier: 'beat', codeField: 'name', nameField: 'name', create: 'partition' } as const;
    await importOrFail(exchange, { ...beats, text: readCity('seattle/spd_beats_2015.geojson') });
    const places = new Set<string>();
    for (const call of readCalls()) {
      // The file writes some crossings both ways round: they are one place.
      const place = call.location.split(' / ').sort().join(' / ');
      if (places.has(place)) twins.push(call);
      else first.set(call.location, call);
      places.add(place);
    }
    house = openAddresses(db);
    await house.editions.catchUp();
    const drafts = [...first.values()].map(
      ({ location, lon, lat }): AddressDraft => ({
        id: idOf(location),
        text: location,
        aliases: [],
        point: { lon: fromLattice(toLattice(lon)), lat: fromLattice(toLattice(lat)) },
        buildingId: null,
        validFrom: new Date('2015-01-01T00:00:00Z'),
        validTo: null,
      }),
    );
    await publishBook(house, drafts);
  });

  /** The beat at a place first, then those within its accuracy, as an answer names them. */
  const beatsAt = ({ lon, lat }: { lon: number; lat: number }) => {
    const { atlas } = house;
    const moment = { asOf: Date.now(), edition: house.editions.latest };
    const [layer, x, y] = [atlas.findLayer('spd')!, toLattice(lon), toLattice(lat)];
    const near = [...atlas.bordersWithin(layer, x, y, 15).keys()].map(({ name }) => name);
    return [atlas.locate(layer, x, y, moment)?.name, ...near];
  };

  it.each(Object.keys(SAID))('finds each hundred block and crossing %s', async (how) => {
    const moment = { asOf: Date.parse('2016-06-01'), edition: house.editions.latest };
    const locations = [...first.keys()];
    const matches = await house.finder.searchMany(locations.map(SAID[how]), moment);
    const wrong = locations.flatMap((location, i) => {
      const top = matches[i].at(0);
      return top?.address.text === location ? [] : [`${SAID[how](location)}: ${top?.address.text} ${top?.score}`];
    });
    expect(wrong).toEqual([]);
  });

  it('gives a later call at the same location the beat the police say, or names it as the next one where streets are borders', async () => {
    const moment = { asOf: Date.parse('2016-06-01'), edition: house.editions.latest };
    const matches = await house.finder.searchMany(
      twins.map(({ location }) => SAID['in lower case with long words'](location)),
      moment,
    );
    const beats = matches.map(([top]) => beatsAt(top.address.point));
    expect(twins.filter(({ beat }, i) => !beats[i].includes(beat))).toEqual([]);
    // One call in five lies on the other side of its street from the first one there: a tenth of all calls do so anyway.
    const exact = twins.filter(({ beat }, i) => beats[i][0] === beat).length;
    expect(twins.length).toBeGreaterThan(80);
    expect(exact / twins.length).toBeGreaterThan(0.75);
    if (process.env.QUESTIONS)
      process.stdout.write(`Seattle twins: ${exact} of ${twins.length} by their point alone\n`);
  });
});
