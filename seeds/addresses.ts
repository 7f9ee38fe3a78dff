import { fromLattice } from '../src/geometry/lattice.ts';
import type { AddressPlan, BuildingPlan } from './plan.type.ts';
import { idOf, Random } from './terrain/random.ts';
import { BASE_DATE, chainOf, ofTier, type Region } from './territory/region.ts';
import type { Territory } from './territory/territory.ts';

/** Addresses of the demo, whatever the size of the city. */
const ADDRESSES = 2000;
const STREETS = '凤栖 槐荫 梧桐 朝晖 映月 锦屏 青云 石榴 杏林 书院 望江 听泉 白鹭 红枫 兰亭 金桂'.split(' ');
const STREET_ENDS = ['路', '街', '巷', '大道', '东路', '西路'];
const COMPOUNDS = '和悦 云栖 竹溪 清荷 松涛 丹枫 紫藤 芳菲 秋实 春晓 听雨 观澜'.split(' ');
const COMPOUND_ENDS = ['小区', '花园', '家园', '新村'];
const LANDMARKS = '供销社 粮站 戏台 文化站 渡口茶馆 磨坊 农贸市场 老水塔 邮电所 百货楼'.split(' ');

/** Addresses within the smallest governance grids, on their face's centre or close to it; every name is invented. */
export function planAddresses({ governance, land }: Territory): {
  addresses: AddressPlan[];
  buildings: BuildingPlan[];
} {
  // A source of chance of its own, so that the rest of the city is what it was before there were addresses.
  const random = new Random(20_260);
  const smallest = [...ofTier(governance.root, 'micro'), ...ofTier(governance.root, 'grid').filter(isUndivided)];
  const step = Math.max(1, smallest.length / ADDRESSES);
  const each = Math.max(1, Math.round(ADDRESSES / smallest.length));
  const addresses: AddressPlan[] = [];
  const buildings: BuildingPlan[] = [];
  const taken = new Set<string>();
  for (let i = 0; i < smallest.length && addresses.length < ADDRESSES; i += step) {
    const grid = smallest[Math.floor(i)];
    for (let n = 0; n < each && addresses.length < ADDRESSES; n++) {
      const [x, y] = land.mesh.centre(grid.faces[n % grid.faces.length]);
      const lon = fromLattice(x + Math.round(random.spread(200)));
      const lat = fromLattice(y + Math.round(random.spread(200)));
      const made = makeAddress(grid, random, taken);
      const building = made.compound && random.below(4) === 0 ? makeBuilding(made, lon, lat) : undefined;
      if (building && !buildings.some(({ id }) => id === building.id)) buildings.push(building);
      addresses.push({
        id: idOf(`address ${made.text}`),
        text: made.text,
        aliases: made.aliases,
        point: { lon, lat },
        buildingId: building?.id ?? null,
        validFrom: BASE_DATE,
        validTo: null,
      });
    }
  }
  return { addresses, buildings };
}

function isUndivided(grid: Region): boolean {
  return grid.children.length === 0;
}

interface MadeAddress {
  readonly text: string;
  readonly aliases: readonly string[];
  readonly compound?: string;
}

function makeAddress(grid: Region, random: Random, taken: Set<string>): MadeAddress {
  const above = chainOf(grid)
    .filter(({ tier }) => ['city', 'county', 'town', 'village'].includes(tier))
    .reverse();
  const upTo = above.map(({ name }) => name).join('');
  const town = above.find(({ tier }) => tier === 'town')!.name;
  // Each village has names of its own, the same for all its grids.
  const local = new Random(Number.parseInt(above[above.length - 1].id.slice(0, 8), 16));
  const street = (n: number) => STREETS[(local.below(STREETS.length) + n) % STREETS.length] + local.pick(STREET_ENDS);
  const streets = [0, 1, 2].map(street);
  const compound = local.pick(COMPOUNDS) + local.pick(COMPOUND_ENDS);
  for (;;) {
    const door = 1 + random.below(198);
    const where = `${random.pick(streets)}${door}号`;
    const inside = random.below(3) === 0 ? `${compound}${1 + random.below(12)}号楼` : '';
    const text = upTo + where + inside;
    if (taken.has(text)) continue;
    taken.add(text);
    const landmark = `${town}${random.pick(LANDMARKS)}`;
    const aliases = inside ? [upTo + inside] : random.below(12) === 0 ? [landmark] : [];
    const free = aliases.filter((alias) => !taken.has(alias));
    for (const alias of free) taken.add(alias);
    return { text, aliases: free, compound: inside };
  }
}

function makeBuilding({ text, compound }: MadeAddress, lon: number, lat: number): BuildingPlan {
  return { id: idOf(`building ${text}`), name: compound!, point: { lon, lat }, validFrom: BASE_DATE, validTo: null };
}
