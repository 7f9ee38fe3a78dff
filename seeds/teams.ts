import type { BodyDraft } from '../src/posts/post.type.ts';
import type { CoverageDraft, MemberCount, ParentDraft, TeamDraft } from '../src/teams/team.type.ts';
import { LIQUE, LONGGUANG } from './gazetteer.ts';
import type { BodyPlan, CityPlan, GridPlan } from './plan.type.ts';
import { idOf } from './terrain/random.ts';

/** What the bodies of the demo city are as teams, and some teams besides. All of it is invented, and nobody is named. */
export interface TeamsPlan {
  readonly bodies: readonly BodyDraft[];
  readonly teams: readonly TeamDraft[];
  readonly parents: readonly ParentDraft[];
  readonly coverage: readonly CoverageDraft[];
}

interface NewTeam {
  readonly kind: string;
  readonly name: string;
  readonly standing: string;
  readonly members: readonly MemberCount[];
  readonly languages?: readonly string[];
  readonly categories?: readonly string[];
  readonly parents: Readonly<Record<string, string>>;
  readonly grids: readonly GridPlan[];
  readonly days?: CoverageDraft['days'];
}

const UNITS = ['SQUAD', 'COMMAND_ROOM'];
const OUTPOSTS = ['POLICE_ROOM', 'POLICE_POST'];
const MARKET_DAYS = { weekdays: [2, 5], monthDays: [], monthWeeks: [], timeZone: 'Asia/Shanghai' };

/** Lines of all bodies, the three units of each station, volunteers of each town, a civil centre and a circuit. */
export function planTeams(plan: CityPlan): TeamsPlan {
  const parents = plan.bodies.flatMap((body) => (body.parentId ? [standsUnder(body, body.parentId)] : []));
  const units = plan.bodies.filter(({ kind }) => UNITS.includes(kind));
  const stations = new Map(gridsOf(plan, 'police', 'station').map((grid) => [grid.managerId, grid]));
  const made = newTeams(plan).map(toDrafts);
  return {
    bodies: made.map(({ body }) => body),
    teams: [...units.map(officialUnit), ...made.map(({ team }) => team)],
    parents: [...parents, ...made.flatMap((each) => each.parents)],
    coverage: [
      ...units.flatMap((unit) => {
        const station = stations.get(unit.parentId ?? '');
        return station ? [covers(unit.id, station, null)] : [];
      }),
      ...made.flatMap((each) => each.coverage),
    ],
  };
}

function gridsOf(plan: CityPlan, layer: string, tier: string): GridPlan[] {
  return plan.grids.filter((grid) => grid.layer === layer && grid.tier === tier);
}

function standsUnder({ id, kind, validFrom, validTo }: BodyPlan, parentId: string): ParentDraft {
  const police = kind.startsWith('POLICE') || UNITS.includes(kind);
  const line = OUTPOSTS.includes(kind) ? 'police_outpost' : police ? 'police' : 'government';
  return { bodyId: id, line, parentId, validFrom, validTo };
}

function officialUnit({ id, kind, validFrom, validTo }: BodyPlan): TeamDraft {
  const members = kind === 'SQUAD' ? counts({ 民警: 4, 辅警: 9 }) : counts({ 民警: 2, 辅警: 4 });
  return { bodyId: id, standing: 'official', members, validFrom, validTo };
}

function newTeams(plan: CityPlan): NewTeam[] {
  const towns = gridsOf(plan, 'governance', 'town').filter(({ managerId }) => managerId !== null);
  const townNamed = (name: string) => towns.find((town) => town.name === name)!;
  const volunteers = towns.map((town) => ({
    kind: 'VOLUNTEERS',
    name: `${town.name}平安志愿队`,
    standing: 'civil',
    members: counts({ 退役军人: 12, 快递骑手: 8, 热心群众: 30 }),
    categories: ['safety', 'fraud'],
    parents: { government: town.managerId! },
    grids: [town],
  }));
  const longguang = townNamed(LONGGUANG);
  const villages = gridsOf(plan, 'governance', 'village').filter(({ parentId }) => parentId === longguang.id);
  const lique = townNamed(LIQUE);
  const centre = {
    kind: 'MEDIATION_CENTRE',
    name: `${LIQUE}乡贤调解中心`,
    standing: 'civil',
    members: counts({ 调解员: 6, 律师: 1 }),
    categories: ['dispute', 'family', 'land'],
    parents: { government: lique.managerId! },
    grids: [lique],
  };
  const room = {
    kind: 'MEDIATION_ROOM',
    name: `${LONGGUANG}赶场巡回调解室`,
    standing: 'official',
    members: counts({ 调解员: 3 }),
    languages: ['zh', 'pcc'],
    categories: ['dispute'],
    parents: { government: longguang.managerId! },
    grids: villages.slice(0, 3),
    days: MARKET_DAYS,
  };
  return [...volunteers, centre, room];
}

function toDrafts(made: NewTeam) {
  const { kind, name, standing, members, languages = ['zh'], categories = [], parents, grids, days = null } = made;
  const id = idOf(`team ${kind} ${name}`);
  const { validFrom, validTo } = grids[0];
  const dates = { validFrom, validTo };
  return {
    body: { id, name, kind, officePhone: null, languages, categories, ...dates },
    team: { bodyId: id, standing, members, ...dates },
    parents: Object.entries(parents).map(([line, parentId]) => ({ bodyId: id, line, parentId, ...dates })),
    coverage: grids.map((grid) => covers(id, grid, days)),
  };
}

function covers(bodyId: string, grid: GridPlan, days: CoverageDraft['days']): CoverageDraft {
  const { id: gridId, validFrom, validTo } = grid;
  return { id: idOf(`coverage ${bodyId} ${gridId}`), bodyId, gridId, categories: [], days, validFrom, validTo };
}

function counts(members: Readonly<Record<string, number>>): MemberCount[] {
  return Object.entries(members).map(([kind, count]) => ({ kind, count }));
}
