import {
  addGrid,
  addLineage,
  addMember,
  addVersion,
  BEATS,
  CHANGESETS,
  closeMember,
  closeVersions,
  FIELDS,
  fieldAt,
  PLANNED,
  type Place,
  publishAs,
  RIVER,
  rectangle,
  redraw,
  STATIONS,
  STEP,
  STRIP,
  type Statement,
  TOWNS,
  type Version,
  VILLAGES,
} from './illegalRegistry.ts';
import { box, idOf } from './rawRegistry.ts';

/** Seeded numbers. */
export interface Dice {
  /** From 0 to below `count`. */
  roll(count: number): number;
  pick<T>(items: readonly T[]): T;
}

export type Writer = 'server' | 'owner';

/** An illegal write, and the same with the defect taken out. */
export interface Illegal {
  readonly bad: readonly Statement[];
  /** Left out where no form of it is legal. */
  readonly good?: readonly Statement[];
  /** What the database says: our code, its own, the constraint, the words. */
  readonly law: RegExp;
  /** Whether it stands alone, outside any edition of its own. */
  readonly alone?: boolean;
}

/** Gives undefined where the writer may do this by right. */
export type Kind = (dice: Dice, writer: Writer) => Illegal | undefined;

export const OVERLAP = /^OVERLAP WG001 /;
const NOT_NESTED = /^NOT_NESTED WG002 /;
export const NO_PARENT = /^MISSING_PARENT WG003 /;
const NOT_DERIVED = /^BAD_BOUNDARY WG004 /;
export const KEPT = /^APPEND_ONLY WG005 /;
export const OUT_OF_TURN = /^CONFLICT WG006 /;
/** No law of ours in plain words: PostgreSQL itself says no, by type, key, check or right. */
export const itself = (state: string) => new RegExp(`^DATABASE_FAILED (${state}) `);
const rule = (constraint: string) => new RegExp(`^BAD_BOUNDARY 23514 ${constraint}`);

export const NEW = idOf(900);
const OTHER = idOf(901);
/** Where nothing is: a place for a town of its own. */
const somewhere = (dice: Dice) => ({ x: 30 + dice.roll(40), y: dice.roll(40) });
const isBetween = (n: number, low: number, high: number) => n >= low && n < high;
/** Fields whose right neighbour lies in the same village, away from the beats and the planned change. */
const PAIRS = FIELDS.filter(({ x, y }) => isBetween(x, 8, 16) && x % 4 === 0 && !(x === 12 && y === 6)).map(
  (left) => [left, fieldAt(left.x + 2, left.y)] as const,
);
/** Fields at the border of two villages of the second town. */
const COUSINS = FIELDS.filter(({ x }) => x === 10).map((left) => [left, fieldAt(12, left.y)] as const);

const town = (boundary: Version['boundary'], rest: Partial<Version> = {}): Statement[] => [
  addGrid(NEW, 'town'),
  addVersion({ id: NEW, boundary, ...rest }),
];
const shifted = (place: Place, size: number, grown: number[], rest: Partial<Version> = {}): Statement[] =>
  redraw({ id: place.id, parent: place.parent, boundary: rectangle(place, size, grown), ...rest });

/** A boundary that is wrong in itself; the same town as a plain rectangle is right. */
function badBoundary(make: (dice: Dice, at: { x: number; y: number }) => Version['boundary'], law: RegExp): Kind {
  return (dice) => {
    const at = somewhere(dice);
    return { bad: town(make(dice, at)), good: town(box(at.x, at.y, 1 + dice.roll(3))), law };
  };
}

const lon = (x: number) => (120 + x / 1000).toFixed(7);
const lat = (y: number) => (30 + y / 1000).toFixed(7);
const ring = (corners: readonly (readonly [number | string, number | string])[]) =>
  `(${corners.map(([x, y]) => `${typeof x === 'number' ? lon(x) : x} ${typeof y === 'number' ? lat(y) : y}`).join(',')})`;
const polygon = (...corners: (readonly [number | string, number | string])[]) => `MULTIPOLYGON((${ring(corners)}))`;
const wrong = (x: number | string, y: number | string, at: { x: number; y: number }) =>
  polygon([at.x, at.y], [x, y], [at.x + 1, at.y + 1], [at.x, at.y]);
const inner = (wkt: string) => wkt.slice('MULTIPOLYGON('.length, -1);

function manyCorners({ x, y }: { x: number; y: number }, dice: Dice): string {
  const count = 20_000 + dice.roll(50);
  const bottom = Array.from({ length: count }, (_, i) => `${(120 + x / 1000 + i * 1e-7).toFixed(7)} ${lat(y)}`);
  return `MULTIPOLYGON(((${bottom.join(',')},${lon(x)} ${lat(y + 2)},${lon(x)} ${lat(y)})))`;
}

export const BOUNDARIES: Record<string, Kind> = {
  'a bow-tie': badBoundary(
    (_, { x, y }) => polygon([x, y], [x + 1, y + 1], [x + 1, y], [x, y + 2], [x, y]),
    rule('grid_version_valid'),
  ),
  'a spike': badBoundary(
    (dice, { x, y }) =>
      polygon([x, y], [x + 2, y], [x + 2, y + 1], [x + 3 + dice.roll(5), y + 1], [x + 2, y + 1], [x, y + 1], [x, y]),
    rule('grid_version_valid'),
  ),
  'two parts that overlap': badBoundary(
    (_, { x, y }) => `MULTIPOLYGON(${inner(box(x, y, 2))},${inner(box(x + 1, y, 2))})`,
    rule('grid_version_valid'),
  ),
  'two parts that share an edge': badBoundary(
    (_, { x, y }) => `MULTIPOLYGON(${inner(box(x, y, 2))},${inner(box(x + 2, y, 2))})`,
    rule('grid_version_valid'),
  ),
  'a hole outside its shell': badBoundary(
    (_, { x, y }) => `MULTIPOLYGON((${inner(box(x, y, 3)).slice(1, -1)},${inner(box(x + 5, y, 1)).slice(1, -1)}))`,
    rule('grid_version_valid'),
  ),
  'no area': badBoundary(
    (_, { x, y }) => polygon([x, y], [x + 1, y], [x + 2, y], [x, y]),
    rule('grid_version_(valid|area)'),
  ),
  'a vertex off the lattice': badBoundary(
    (dice, at) => wrong(`${lon(at.x + 1)}${1 + dice.roll(9)}`, at.y, at),
    rule('grid_version_on_lattice'),
  ),
  'a latitude off the lattice by the last digit': badBoundary(
    (dice, at) => wrong(at.x + 1, `${lat(at.y)}000${1 + dice.roll(9)}`, at),
    rule('grid_version_on_lattice'),
  ),
  NaN: badBoundary((_, at) => wrong('NaN', at.y, at), /^(BAD_BOUNDARY 23514|DATABASE_FAILED XX000)/),
  infinity: badBoundary(
    (dice, at) => wrong(dice.pick(['Infinity', '-Infinity']), at.y, at),
    /^(BAD_BOUNDARY 23514|DATABASE_FAILED XX000)/,
  ),
  'NaN by arithmetic': badBoundary(
    (_, at) => ({
      expression: `ST_Translate(ST_GeomFromText('${box(at.x, at.y, 1)}', 4326), 'NaN'::float8, 0)`,
    }),
    rule('grid_version_'),
  ),
  'longitude 999': badBoundary((_, at) => wrong('999', at.y, at), rule('grid_version_on_lattice')),
  'latitude 91': badBoundary((_, at) => wrong(at.x + 1, '91', at), rule('grid_version_on_lattice')),
  'less than 10 m²': badBoundary((dice, { x, y }) => box(x, y, 0.001 * (1 + dice.roll(30))), rule('grid_version_area')),
  'more than 20,000 vertices': badBoundary((dice, at) => manyCorners(at, dice), rule('grid_version_vertices')),
  'nothing at all': badBoundary(() => 'MULTIPOLYGON EMPTY', rule('grid_version_')),
  null: badBoundary(() => ({ expression: 'null' }), itself('23502')),
  'a ring that is not closed': badBoundary(
    (_, { x, y }) => polygon([x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]),
    itself('XX000'),
  ),
  'a ring of three positions': badBoundary((_, { x, y }) => polygon([x, y], [x + 1, y], [x, y]), itself('XX000')),
  'another SRID': badBoundary(
    (dice, { x, y }) => ({ expression: `ST_GeomFromText('${box(x, y, 1)}', ${dice.pick([3857, 4490, 4610])})` }),
    itself('22023'),
  ),
  // A plain polygon is no other type: PostGIS makes a multipolygon of it.
  'another type': badBoundary(
    (dice, { x, y }) => ({
      expression: `ST_GeomFromText('${dice.pick([
        `LINESTRING(${lon(x)} ${lat(y)},${lon(x + 1)} ${lat(y)})`,
        `POINT(${lon(x)} ${lat(y)})`,
        `GEOMETRYCOLLECTION(POLYGON${inner(box(x, y, 1))})`,
      ])}', 4326)`,
    }),
    itself('22023'),
  ),
  'a height': badBoundary(
    (_, { x, y }) => ({ expression: `ST_Force3D(ST_GeomFromText('${box(x, y, 1)}', 4326))` }),
    itself('22023'),
  ),
};

export const SPACE: Record<string, Kind> = {
  'a border moved on one side only': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    const d = STEP * dice.pick([1, 2, 1 + dice.roll(10_000)]);
    const grow = shifted(left, 2, [0, 0, d, 0]);
    return { bad: grow, good: [...grow, ...shifted(right, 2, [-d, 0, 0, 0])], law: OVERLAP };
  },
  'a border moved by one step more on one side': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    const d = STEP * (2 + dice.roll(5000));
    const grow = shifted(left, 2, [0, 0, d, 0]);
    const give = (by: number) => shifted(right, 2, [-by, 0, 0, 0]);
    return { bad: [...grow, ...give(d - STEP)], good: [...grow, ...give(d)], law: OVERLAP };
  },
  'an overlap from a later day on': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    const d = STEP * (1 + dice.roll(1000));
    const from = `${2030 + dice.roll(60)}-01-01Z`;
    const then = (place: Place, grown: number[]) => [
      closeVersions(place.id),
      addVersion({ ...place, boundary: rectangle(place, 2), to: from }),
      addVersion({ ...place, boundary: rectangle(place, 2, grown), from }),
    ];
    const grow = then(left, [0, 0, d, 0]);
    return { bad: grow, good: [...grow, ...then(right, [-d, 0, 0, 0])], law: OVERLAP };
  },
  'an overlap with what is planned': (dice) => {
    const [, shrinks] = PLANNED;
    const west = -STRIP + STEP * (1 + dice.roll(4000));
    const plan = (by: number) => [
      closeVersions(shrinks.id),
      addVersion({ ...shrinks, boundary: rectangle(shrinks, 2), to: '2050-01-01Z' }),
      addVersion({ ...shrinks, boundary: rectangle(shrinks, 2, [by, 0, 0, 0]), from: '2050-01-01Z' }),
    ];
    return { bad: plan(west), good: plan(-STRIP), law: OVERLAP };
  },
  'an overlap of two that are new': (dice) => {
    const { x, y } = somewhere(dice);
    const width = 1 + dice.roll(3);
    const second = (by: number) => [
      addGrid(OTHER, 'town'),
      addVersion({ id: OTHER, boundary: box(x + width - by, y, 2) }),
    ];
    const first = town(box(x, y, width));
    return { bad: [...first, ...second(STEP * (1 + dice.roll(100)))], good: [...first, ...second(0)], law: OVERLAP };
  },
  'a cousin overlapped within the 0.1 % of nesting': (dice) => {
    const [left, right] = dice.pick(COUSINS);
    const d = STEP * (1 + dice.roll(18));
    const grow = shifted(left, 2, [0, 0, d, 0]);
    return { bad: grow, good: [...grow, ...shifted(right, 2, [-d, 0, 0, 0])], law: OVERLAP };
  },
  'a sibling of another tier overlapped': (dice) => {
    const { x, y } = dice.pick(FIELDS.filter((each) => each.x >= 8));
    const add = (at: number) => [
      addGrid(NEW, 'village'),
      addVersion({ id: NEW, parent: TOWNS[1].id, boundary: box(at, y + 0.5, 1) }),
    ];
    const wider = shifted(TOWNS[1], 8, [0, 0, 2, 0]);
    return { bad: [...wider, ...add(x)], good: [...wider, ...add(16.5)], law: OVERLAP };
  },
  'a root overlapped': (dice) => {
    const d = 1 + dice.roll(3000);
    return { bad: town(box(16 - d * STEP, 0, 2)), good: town(box(16 + d * STEP, 0, 2)), law: OVERLAP };
  },
  'a grid inside another': (dice) => {
    const { x, y, parent } = dice.pick(PAIRS)[0];
    const size = 0.2 + 0.1 * dice.roll(10);
    const add = (tier: string, layer: string) => [
      addGrid(NEW, tier, layer),
      addVersion({ id: NEW, parent: layer === 'land' ? parent : null, boundary: box(x + 0.1, y + 0.1, size) }),
    ];
    return { bad: add('field', 'land'), good: add('river', 'water'), law: OVERLAP };
  },
  'a child that leaves its parent by more than 0.1 %': (dice) => {
    const edge = dice.pick(FIELDS.filter(({ x }) => x === 14).filter(({ id }) => id !== PLANNED[1].id));
    const grow = (steps: number) => shifted(edge, 2, [0, 0, STEP * steps, 0]);
    return { bad: grow(21 + dice.roll(5000)), good: grow(1 + dice.roll(18)), law: NOT_NESTED };
  },
  'a parent moved away from its children': (dice) => {
    const by = STEP * (100 + dice.roll(20_000));
    return {
      bad: shifted(TOWNS[1], 8, [0, 0, -by, 0]),
      good: shifted(TOWNS[1], 8, [0, 0, by, 0]),
      law: NOT_NESTED,
    };
  },
  'a grid handed to a parent that does not hold it': (dice) => {
    const [first] = dice.pick(PAIRS);
    const other = dice.pick(VILLAGES.filter(({ id }) => id !== first.parent));
    const hand = (parent: string) => redraw({ ...first, parent, boundary: rectangle(first, 2) });
    return { bad: hand(other.id), good: hand(first.parent!), law: NOT_NESTED };
  },
  'a gap of the root that is off the lattice': (dice) => {
    const { x, y } = somewhere(dice);
    const add = (boundary: string) => [
      `insert into gap (layer_id, name, boundary, valid, edition_from) select id, 'Gap',
        ST_GeomFromText('${boundary}', 4326), tstzrange('2020-01-01Z', null), $E from layer where code = 'land'`,
    ];
    const off = wrong(`${lon(x + 1)}5`, y, { x, y });
    return { bad: add(off), good: add(box(x, y, 1)), law: itself('23514') };
  },
};

const child = (parent: string | null, rest: Partial<Version> = {}, tier = 'field', layer = 'land'): Statement[] => [
  addGrid(NEW, tier, layer),
  addVersion({ id: NEW, parent, boundary: box(16.2, 0, 1), ...rest }),
];
/** Room for one more village and its child, to the east of all others. */
const ROOM: readonly Statement[] = [
  ...shifted(TOWNS[1], 8, [0, 0, 2, 0]),
  addGrid(OTHER, 'village'),
  addVersion({ id: OTHER, parent: TOWNS[1].id, boundary: box(16, 0, 2) }),
];
const under = (parent: string, law = NO_PARENT): Illegal => ({
  bad: [...ROOM, ...child(parent)],
  good: [...ROOM, ...child(OTHER)],
  law,
});

export const TREE: Record<string, Kind> = {
  'a parent of its own tier': (dice) => under(dice.pick(FIELDS).id),
  'a parent of a lower tier': (dice) => {
    const add = (parent: string | null) => child(parent, {}, 'town');
    return { bad: add(dice.pick(FIELDS).id), good: add(null), law: NO_PARENT };
  },
  'a parent of another layer': (dice) => under(dice.pick([RIVER, BEATS[0].id, STATIONS[1].id])),
  'a parent that is nowhere': (dice) => under(idOf(950 + dice.roll(50)), itself('23503')),
  'itself as its parent': () => under(NEW, itself('23514')),
  'a child older than its parent': (dice) => ({
    bad: [...ROOM, ...child(OTHER, { from: `${2000 + dice.roll(20)}-01-01Z` })],
    good: [...ROOM, ...child(OTHER, { from: `${2020 + dice.roll(20)}-01-01Z` })],
    law: NO_PARENT,
  }),
  'a parent that ends before its children': (dice) => {
    const end = (to?: string) => redraw({ ...TOWNS[1], boundary: rectangle(TOWNS[1], 8), to });
    return { bad: end(`${2027 + dice.roll(70)}-01-01Z`), good: end(), law: NO_PARENT };
  },
  'a parent that pauses': (dice) => {
    const year = 2027 + dice.roll(50);
    const again = (from: number) => [
      ...redraw({ ...TOWNS[1], boundary: rectangle(TOWNS[1], 8), to: `${year}-01-01Z` }),
      addVersion({ ...TOWNS[1], boundary: rectangle(TOWNS[1], 8), from: `${from}-01-01Z` }),
    ];
    return { bad: again(year + 1), good: again(year), law: NO_PARENT };
  },
  'a parent closed under its children': (dice) => {
    const { id } = dice.pick([...VILLAGES, ...TOWNS]);
    return { bad: [closeVersions(id)], good: shifted(TOWNS[1], 8, []), law: NO_PARENT };
  },
  'a cycle': (dice) => {
    const below = dice.pick([VILLAGES[2], VILLAGES[6], fieldAt(8, 0)]);
    const move = (parent: string | null) => redraw({ ...TOWNS[1], parent, boundary: rectangle(TOWNS[1], 8) });
    return { bad: move(below.id), good: move(null), law: NO_PARENT };
  },
  'a tier of another layer': (dice) => {
    const insert = (tier: string) => [
      `insert into grid (id, layer_id, tier_id, edition_from)
        select '${NEW}', l.id, t.id, $E from layer l, tier t where l.code = 'land' and t.code = '${tier}'`,
    ];
    return {
      bad: insert(dice.pick(['river', 'beat', 'station'])),
      good: insert(dice.pick(['town', 'field'])),
      law: itself('23503'),
    };
  },
  'a version in another layer than its grid': () => {
    const version = addVersion({ id: NEW, boundary: box(40, 0, 1) });
    const moved = version.replace('select id, layer_id,', `select id, (select id from layer where code = 'water'),`);
    return { bad: [addGrid(NEW, 'town'), moved], good: [addGrid(NEW, 'town'), version], law: itself('23503') };
  },
  'two versions at one instant': (dice) => {
    const [first] = dice.pick(PAIRS);
    const add = addVersion({ ...first, boundary: rectangle(first, 2), from: `${2021 + dice.roll(50)}-01-01Z` });
    return {
      bad: [add],
      good: [closeVersions(first.id), add],
      law: /^CONFLICT 23P01 grid_version_one_per_instant/,
    };
  },
  'dates that are none': (dice) => {
    const { x, y } = somewhere(dice);
    const [valid, law] = dice.pick([
      [`'empty'`, '23514'],
      [`tstzrange('2020-01-01Z', '2020-01-01Z')`, '23514'],
      [`tstzrange('2021-01-01Z', '2020-01-01Z')`, '22000'],
      [`tstzrange(null, null)`, '23514'],
      [`tstzrange('2020-01-01Z', '2030-01-01Z', '[]')`, '23514'],
      [`tstzrange('2020-01-01Z', '2030-01-01Z', '()')`, '23514'],
      [`tstzrange('-infinity', null)`, '23514'],
      [`tstzrange('2020-01-01Z', 'infinity')`, '23514'],
    ]);
    return { bad: town(box(x, y, 1), { valid }), good: town(box(x, y, 1)), law: itself(law) };
  },
  'a code that is taken': (dice) => {
    const [first, second] = [dice.roll(32), 32 + dice.roll(5)];
    const add = (code: string) => [
      `insert into grid_code (grid_id, scheme_id, code, edition_from)
        select '${TOWNS[1].id}', id, '${code}', $E from scheme`,
    ];
    return { bad: add(String(300 + first)), good: add(`new ${second}`), law: /^DUPLICATE_CODE 23505 / };
  },
  'two codes that are both the main one': (dice) => {
    const { id } = dice.pick(FIELDS);
    const add = (main: boolean) => [
      `insert into grid_code (grid_id, scheme_id, code, main, edition_from) select '${id}', s.id, 'new', ${main}, $E from scheme s`,
    ];
    return { bad: add(true), good: add(false), law: itself('23505') };
  },
  'a code of control characters': (dice) => {
    const add = (code: string) => [
      `insert into grid_code (grid_id, scheme_id, code, edition_from) select '${TOWNS[0].id}', s.id, ${code}, $E from scheme s`,
    ];
    return { bad: add(dice.pick([`E'a\\nb'`, `''`, `E'\\t'`])), good: add(`'a b'`), law: itself('23514') };
  },
  'a person without a post': () => ({
    bad: [
      `insert into person values ('${NEW}', $E)`,
      `insert into person_version (person_id, name, valid, edition_from) values ('${NEW}', 'Li', tstzrange(now(), null), $E)`,
    ],
    law: NO_PARENT,
  }),
};

const beatOf = (place: Place) => BEATS.find((each) => closeTo(each, place))!;
const closeTo = (beat: Place, { x, y }: Place) => beat.x === x - (x % 4) && beat.y === y - (y % 4);
const OF_BEATS = FIELDS.filter(({ x }) => x < 8);

export const DERIVED: Record<string, Kind> = {
  'a member of two grids of a tier': (dice) => {
    const member = dice.pick(OF_BEATS);
    const other = dice.pick(BEATS.filter((each) => each !== beatOf(member)));
    return {
      bad: [addMember(member.id, other.id)],
      good: [closeMember(member.id), addMember(member.id, beatOf(member).id)],
      law: /^CONFLICT 23P01 grid_member_one_per_instant/,
    };
  },
  'a member of two grids from some day on': (dice) => {
    const member = dice.pick(OF_BEATS);
    const from = `tstzrange('${2030 + dice.roll(50)}-01-01Z', null)`;
    return {
      bad: [addMember(member.id, dice.pick(BEATS).id, from)],
      good: [closeMember(member.id), addMember(member.id, beatOf(member).id)],
      law: /^CONFLICT 23P01 grid_member_one_per_instant/,
    };
  },
  'a member of the wrong tier': (dice) => ({
    bad: [addMember(dice.pick([...VILLAGES, ...TOWNS]).id, BEATS[0].id)],
    law: NO_PARENT,
  }),
  'a member of another grid of its own layer': (dice) => ({
    bad: [addMember(BEATS[1].id, dice.pick([BEATS[0], STATIONS[0]]).id)],
    law: NO_PARENT,
  }),
  'a member of a tier that is drawn': (dice) => ({
    bad: [addMember(dice.pick(FIELDS).id, dice.pick([...VILLAGES, { id: RIVER }]).id)],
    law: NO_PARENT,
  }),
  'a member before it is there': (dice) => {
    const member = dice.pick(OF_BEATS);
    const add = (from: number) => [
      closeMember(member.id),
      addMember(member.id, beatOf(member).id, `tstzrange('${from}-01-01Z', null)`),
    ];
    return { bad: add(2000 + dice.roll(20)), good: add(2020), law: NO_PARENT };
  },
  'a member that ends and is not taken away': (dice) => {
    const member = dice.pick(OF_BEATS);
    const end = redraw({ ...member, boundary: rectangle(member, 2), to: `${2030 + dice.roll(50)}-01-01Z` });
    return { bad: end, law: NO_PARENT };
  },
  'a member of itself': (dice) => {
    const { id } = dice.pick(BEATS);
    return { bad: [addMember(id, id)], law: itself('23514') };
  },
  'a membership filed under another tier': (dice) => {
    const member = dice.pick(OF_BEATS);
    const add = (tier?: string) => [closeMember(member.id), addMember(member.id, beatOf(member).id, undefined, tier)];
    return { bad: add(`(select id from tier where code = 'station')`), good: add(), law: itself('23503') };
  },
  'a beat drawn off its members': (dice) => {
    const [low, high] = dice.pick([
      [BEATS[0], BEATS[2]],
      [BEATS[1], BEATS[3]],
    ]);
    const d = STEP * dice.pick([1, 1 + dice.roll(5000)]);
    return {
      bad: [...shifted(low, 4, [0, 0, 0, d]), ...shifted(high, 4, [0, -d, 0, 0])],
      good: [...shifted(low, 4, []), ...shifted(high, 4, [])],
      law: NOT_DERIVED,
    };
  },
  'a member handed over without redrawing': (dice) => {
    const member = dice.pick(OF_BEATS.filter(({ y }) => y === 2 || y === 4));
    const [from, to] = [beatOf(member), BEATS.find((each) => each.x === beatOf(member).x && each !== beatOf(member))!];
    const hand = [closeMember(member.id), addMember(member.id, to.id)];
    const all = (beat: Place, fields: readonly Place[]) =>
      redraw({ ...beat, boundary: { expression: union(fields.map(({ id }) => id)) } });
    const [left, gained] = [
      OF_BEATS.filter((f) => f !== member && closeTo(from, f)),
      OF_BEATS.filter((f) => f === member || closeTo(to, f)),
    ];
    return { bad: hand, good: [...hand, ...all(from, left), ...all(to, gained)], law: NOT_DERIVED };
  },
  'a member redrawn under a beat that stays': (dice) => {
    const low = dice.pick(OF_BEATS.filter(({ y }) => y === 2));
    const high = fieldAt(low.x, 4);
    const d = STEP * (1 + dice.roll(18));
    const move = [...shifted(low, 2, [0, 0, 0, d]), ...shifted(high, 2, [0, -d, 0, 0])];
    const beat = beatOf(low);
    const above = beatOf(high);
    const follow = [beat, above].flatMap((each) => {
      const ids = OF_BEATS.filter((one) => closeTo(each, one)).map(({ id }) => id);
      return redraw({ ...each, boundary: { expression: union(ids) } });
    });
    return { bad: move, good: [...move, ...follow], law: NOT_DERIVED };
  },
  'a station drawn off its beats': (dice) => {
    const d = STEP * dice.pick([1, 1 + dice.roll(39)]);
    const draw = (by: number) => redraw({ id: STATIONS[1].id, boundary: box(4, 0, 4 + by, 8) });
    return { bad: draw(d), good: draw(0), law: NOT_DERIVED };
  },
  'all beats taken and the station left': (dice) => {
    const station = dice.pick(STATIONS);
    const beats = BEATS.filter((beat) => beat.parent === station.id);
    const taken = OF_BEATS.filter((each) => beats.includes(beatOf(each)));
    const free = taken.map(({ id }) => closeMember(id));
    const bad = [...beats.map(({ id }) => closeVersions(id)), ...free];
    const back = beats.map((beat) => addVersion({ ...beat, boundary: rectangle(beat, 4) }));
    return {
      bad,
      good: [...bad, ...back, ...taken.map((each) => addMember(each.id, beatOf(each).id))],
      law: NOT_DERIVED,
    };
  },
  'all members taken and the beat left': (dice) => {
    const beat = dice.pick(BEATS);
    const taken = OF_BEATS.filter((each) => closeTo(beat, each)).map(({ id }) => closeMember(id));
    const back = OF_BEATS.filter((each) => closeTo(beat, each)).map(({ id }) => addMember(id, beat.id));
    return { bad: taken, good: [...taken, ...back], law: NOT_DERIVED };
  },
  'lineage to itself': (dice) => {
    const { id } = dice.pick(FIELDS);
    return { bad: [addLineage(id, id)], law: itself('23514') };
  },
  'lineage of a grid that goes on': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    return {
      bad: [addLineage(left.id, right.id, dice.pick(['MERGED', 'SPLIT', 'RETIRED']))],
      good: merge(left, right),
      law: NO_PARENT,
    };
  },
  'lineage into a grid that is not there then': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    const at = '2010-01-01Z';
    return {
      bad: [...merge(left, right), addLineage(left.id, right.id, 'MERGED', at)],
      good: merge(left, right),
      law: NO_PARENT,
    };
  },
  'lineage into another layer': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    const ended = merge(left, right);
    return { bad: [...ended, addLineage(left.id, RIVER)], good: ended, law: NO_PARENT };
  },
  'lineage of an unknown kind': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    const ended = merge(left, right);
    return {
      bad: [...ended, addLineage(left.id, right.id, dice.pick(['LOST', '', 'merged']))],
      good: ended,
      law: itself('23514'),
    };
  },
  'ground of a changeset given to nobody': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    const d = STEP * dice.pick([1, 1 + dice.roll(10_000)]);
    const shrink = [...shifted(left, 2, [0, 0, -d, 0]), publishAs(CHANGESETS.approved)];
    return { bad: shrink, good: [...shrink, ...shifted(right, 2, [d, 0, 0, 0])], law: NOT_NESTED };
  },
  'ground of a changeset given to nobody from a later day on': (dice) => {
    const [left, right] = dice.pick(PAIRS);
    const at = `${2030 + dice.roll(30)}-01-01Z`;
    const end = [...redraw({ ...left, boundary: rectangle(left, 2), to: at }), publishAs(CHANGESETS.approved)];
    const heir = [
      ...redraw({ ...right, boundary: rectangle(right, 2), to: at }),
      addVersion({ ...right, boundary: rectangle(right, 2, [2, 0, 0, 0]), from: at }),
    ];
    return { bad: end, good: [...end, ...heir], law: NOT_NESTED };
  },
};

/** The left one ends in 2030 and the right one takes its ground. */
function merge(left: Place, right: Place): Statement[] {
  const at = '2030-01-01Z';
  return [
    ...redraw({ ...left, boundary: rectangle(left, 2), to: at }),
    ...redraw({ ...right, boundary: rectangle(right, 2), to: at }),
    addVersion({ ...right, boundary: rectangle(right, 2, [2, 0, 0, 0]), from: at }),
    addLineage(left.id, right.id, 'MERGED', at),
  ];
}

/** The newest boundaries of these grids as one. */
function union(ids: readonly string[]): string {
  const list = ids.map((id) => `'${id}'`).join(',');
  return `(select ST_Multi(ST_Union(v.boundary)) from grid_version v where v.edition_to is null and v.grid_id in (${list}))`;
}
