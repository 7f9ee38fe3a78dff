import type { CategoryPractice, HandlerPractice, RoutePractice } from '../src/practice/practice.type.ts';

export const GOVERNANCE = 'governance';

const FIELDS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  dispute: [
    ['dispute', '矛盾纠纷'],
    ['neighbourhood', '邻里纠纷'],
    ['family', '婚姻家庭纠纷'],
    ['land', '山林土地纠纷'],
    ['wages', '欠薪纠纷'],
  ],
  security: [
    ['fraud', '电信网络诈骗'],
    ['theft', '盗窃'],
    ['public_order', '扰乱公共秩序'],
    ['missing', '人员走失'],
    ['school', '校园安全'],
  ],
  tourism: [['tourism', '涉旅纠纷']],
  noise: [['noise', '噪音扰民']],
  safety: [
    ['hazard', '安全隐患'],
    ['fire', '火情'],
    ['gas', '燃气泄漏'],
    ['safety', '平安巡防'],
  ],
  rescue: [
    ['rescue', '群众遇险求助'],
    ['first_aid', '医疗急救'],
    ['drowning', '溺水'],
  ],
  water: [
    ['water', '涉水违法'],
    ['pollution', '水体污染'],
    ['flood', '防汛'],
  ],
  traffic: [
    ['traffic', '交通事故'],
    ['parking', '乱停乱放'],
  ],
};
/** Matters in the words of the demo city. */
export const CATEGORIES: readonly CategoryPractice[] = Object.entries(FIELDS).flatMap(([field, entries]) =>
  entries.map(([code, name]) => ({ code, name, field })),
);
/** Codes of the matters of a field. */
export const of = (field: string) => FIELDS[field].map(([code]) => code);

const NOWHERE = { layer: null, tier: null, bodyKind: null, hours: null };
/** A rung as layer.tier. */
export const on = (rung: string) => {
  const [layer, tier] = rung.split('.');
  return { layer, tier };
};
/** Whom a task goes to; on the rung of the matter unless a layer and a tier are given. */
export const who = (
  purpose: HandlerPractice['purpose'],
  role: string,
  more: Partial<HandlerPractice> = {},
): HandlerPractice => ({
  ...NOWHERE,
  purpose,
  role,
  ...more,
});

const OFFICER = on('police.beat');
export const VILLAGE = on('governance.village');
export const TOWN = on('governance.town');
const route = (categories: readonly string[], tier: string, ...handlers: HandlerPractice[]): RoutePractice => ({
  ...{ categories, layer: GOVERNANCE, tier, handlers },
});

/** What differs from the rest, on the rungs that meet a matter first; the rest of each rung stands at the end. */
export const ROUTES: readonly RoutePractice[] = [
  ...['grid', 'village'].flatMap((tier) => [
    route(
      of('rescue'),
      tier,
      who('HANDLE', 'community_officer', { ...OFFICER, hours: 1 }),
      who('JOINT', 'village_officer', { ...VILLAGE, hours: 1 }),
      who('JOINT', 'deputy_secretary', { ...VILLAGE, hours: 1 }),
      who('NOTICE', 'leader', TOWN),
    ),
    route(
      of('safety'),
      tier,
      who('HANDLE', 'village_officer', VILLAGE),
      who('JOINT', 'grid_head', on('governance.grid')),
      who('RECHECK', 'grid_worker', { ...on('governance.grid'), hours: 168 }),
    ),
    route(of('water'), tier, who('HANDLE', 'water_head', on('water.water')), who('JOINT', 'village_officer', VILLAGE)),
    route(
      ['noise', 'school', 'tourism'],
      tier,
      who('HANDLE', 'community_officer', OFFICER),
      who('JOINT', 'leader', TOWN),
    ),
    route(
      [...of('security'), ...of('traffic')],
      tier,
      who('HANDLE', 'community_officer', OFFICER),
      who('ATTEND', 'police_aide', on('governance.grid')),
    ),
  ]),
  route(of('dispute'), 'grid', who('MEDIATE', 'grid_head'), who('ATTEND', 'police_aide')),
  // Where a village has no team of its own, the town's mediates on the next rung.
  route(of('dispute'), 'village', who('MEDIATE', 'mediation'), who('ATTEND', 'village_officer')),
  route(of('dispute'), 'town', who('MEDIATE', 'mediation', { bodyKind: 'MEDIATION_TEAM' }), who('SUPERVISE', 'leader')),
  route(of('dispute'), 'county', who('HANDLE', 'leader'), who('MEDIATE', 'mediation', TOWN)),
  route([], 'grid', who('HANDLE', 'grid_worker'), who('NOTICE', 'instructor')),
  route([], 'village', who('HANDLE', 'village_officer')),
  route([], 'town', who('HANDLE', 'leader'), who('JOINT', 'community_officer', on('police.beat'))),
  route([], 'county', who('HANDLE', 'leader')),
];
