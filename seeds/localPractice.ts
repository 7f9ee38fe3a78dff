import type { Transaction } from 'kysely';
import type { Database } from '../src/db/tables.ts';
import type { PracticeDraft, PracticeRepository } from '../src/practice/practice.repository.ts';
import type { LadderPractice, Practice } from '../src/practice/practice.type.ts';
import { LIQUE } from './gazetteer.ts';
import { CATEGORIES, GOVERNANCE, of, on, ROUTES, TOWN, VILLAGE, who } from './localRoutes.ts';
import type { CityPlan } from './plan.type.ts';
import { BASE_DATE } from './territory/region.ts';

const at = (text: string) => new Date(`${text}T00:00:00+08:00`);

/** What the demo city calls, grades, routes and counts, and what one county does otherwise. All of it is data. */
export function planLocalPractice(plan: CityPlan): readonly PracticeDraft[] {
  const town = plan.grids.find(({ name, tier }) => name === LIQUE && tier === 'town')!;
  return [
    { gridId: null, validFrom: BASE_DATE, sections: EVERYWHERE },
    { gridId: town.parentId, validFrom: BASE_DATE, sections: { ladders: [WITHIN_THE_GRID] } },
  ];
}

/** Writes it into the edition that is being published. */
export function loadLocalPractice(
  trx: Transaction<Database>,
  edition: number,
  repository: PracticeRepository,
  plan: CityPlan,
): Promise<void> {
  return repository.insert(trx, edition, planLocalPractice(plan));
}

const days = (tier: string, plain: number, red: number) => [
  { tier, severity: null, hours: 24 * plain },
  { tier, severity: 'red', hours: red },
];
const LADDER = {
  ...{ categories: [], layer: GOVERNANCE, supervisor: null, climbsWhenLate: true, followUpDays: 14, followUp: null },
};
const WITHIN_THE_VILLAGE: LadderPractice = {
  ...LADDER,
  ...{ code: 'small_in_village', name: '小事不出村、大事不出镇' },
  tiers: ['village', 'town', 'county'],
  deadlines: [...days('village', 7, 24), ...days('town', 15, 48), ...days('county', 30, 72)],
};
const WITHIN_THE_GRID: LadderPractice = {
  ...LADDER,
  ...{ code: 'within_the_grid', name: '小事不出网格、大事不出社区' },
  tiers: ['grid', 'village', 'town', 'county'],
  deadlines: [...days('grid', 3, 12), ...days('village', 7, 24), ...days('town', 10, 36), ...days('county', 20, 72)],
  supervisor: { ...who('SUPERVISE', 'leader', TOWN), hours: 24 },
  followUpDays: 30,
  followUp: who('FOLLOW_UP', 'grid_worker', on('governance.grid')),
};

const named = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).map(([code, name]) => ({ code, name }));

const VISITS = (
  [
    ['inn', '旅馆必进', 30],
    ['police_room', '警务室必进', 30],
    ['self_service_room', '自助警务室必进', 30],
    ['patrol_station', '街面警务站必进', 7],
    ['joint_centre', '一室两中心必进', 30],
    ['school', '学校必进', 30],
    ['hospital', '医院必进', 30],
    ['market', '市场必进', 30],
    ['factory', '企业工地必进', 60],
    ['bank', '金融网点必进', 60],
    ['temple', '宗教场所必进', 60],
  ] as const
).map(([kind, name, everyDays]) => ({ code: `enter_${kind}`, name, siteKinds: [kind], everyDays }));

const EVERYWHERE: Practice = {
  categories: CATEGORIES,
  severities: named({ red: '红', yellow: '黄', blue: '蓝', green: '绿' }),
  routes: ROUTES,
  ladders: [WITHIN_THE_VILLAGE],
  warnings: [
    {
      ...{ code: 'repeat_dispute', name: '同一地址三十日内再次发生纠纷', enabled: false },
      categories: of('dispute'),
      ...{ same: 'ADDRESS', metres: null, count: 2, withinDays: 30, fromHour: null, toHour: null },
      instruct: [who('WARNING', 'village_officer', VILLAGE), who('WARNING', 'mediation', TOWN)],
    },
  ],
  responses: [
    { code: '1', minutes: 1, roles: ['patrol_squad'] },
    { code: '3', minutes: 3, roles: ['community_officer', 'village_officer'] },
    { code: '5', minutes: 5, roles: ['police_aide', 'grid_worker'] },
  ],
  visits: VISITS,
  contacts: named({
    ...{ into_villages: '进村入户', into_firms: '进企业', into_schools: '进校园', into_markets: '赶场摆摊' },
    ...{ courtyard: '院坝会', hotline: '电话联系', chat_group: '网格群联系', office_day: '坐班接待', evening: '夜访' },
  }),
  campaigns: [
    {
      ...{ code: 'summer_2026', name: '夏季治安打击整治行动' },
      ...{ from: at('2026-06-25'), to: at('2026-10-01'), categories: [...of('security'), ...of('dispute')] },
    },
  ],
  activities: named({
    ...{ fair: '赶场集市', festival: '民族节庆', sports: '体育赛事', march: '游行巡游', publicity: '平安宣传' },
  }),
  quotas: [{ role: 'community_officer', purpose: 'ATTEND', categories: [], perMonth: 5 }],
};
