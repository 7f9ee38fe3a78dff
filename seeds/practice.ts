import type { LayerPlan, RolePlan, SchemePlan } from './plan.type.ts';

/**
 * Local practice of the demo city, all of it data: layers with their tiers, code schemes, and roles with the tiers
 * where they sit.
 */
export const LAYERS: readonly LayerPlan[] = [
  layer('police', '警务网格', 'PARTITION', [
    ['city_bureau', '市公安局', 'police'],
    ['bureau', '公安分局', 'police'],
    ['station', '派出所', 'police'],
    ['district', '警务区', 'police'],
    ['beat', '警格', 'police'],
  ]),
  layer('governance', '综合治理', 'PARTITION', [
    ['city', '市', 'national'],
    ['county', '县（区）', 'national'],
    ['town', '乡镇（街道）', 'national'],
    ['village', '村（社区）', 'national'],
    ['grid', '网格', 'national'],
    ['micro', '微网格'],
  ]),
  layer('patrol', '街面网格巡逻', 'PARTITION', [
    ['command', '巡逻指挥'],
    ['area', '巡区'],
    ['zone', '战区'],
    ['patrol_grid', '巡逻网格'],
  ]),
  layer('water', '河湖', 'OVERLAY', [
    ['basin', '流域'],
    ['water', '河湖'],
    ['reach', '河段'],
  ]),
  layer('watch', '志愿守望', 'OVERLAY', [['watch_zone', '守望区']]),
];

export const SCHEMES: readonly SchemePlan[] = [
  { code: 'national', name: '国家统一编码（6+3+3+3 位）' },
  { code: 'police', name: '公安编码' },
  { code: 'local', name: '本地编码' },
  { code: 'zongzhi', name: '综治平台', family: 'upstream' },
  { code: 'minzheng', name: '民政系统', family: 'upstream' },
  { code: 'police_platform', name: '警务平台', family: 'upstream' },
  { code: 'hotline', name: '12345 热线', family: 'upstream' },
];

const DISPUTES = ['dispute', 'neighbourhood', 'family', 'land', 'wages'];
const WATER_MATTERS = ['water', 'pollution', 'flood', 'drowning'];

export const ROLES: readonly RolePlan[] = [
  role('community_officer', '社区民警', 'officer', ['police.beat!', 'police.district']),
  role('grid_worker', '网格管理员', 'gridWorker', ['governance.grid!']),
  role('mediation', '人民调解', 'mediationTeam', ['governance.village', 'governance.town!'], DISPUTES),
  role('exclusive_head', '专属网格长', null, ['governance.grid']),
  role('grid_head', '网格长', null, ['governance.grid!']),
  role('instructor', '网格指导员', null, ['governance.grid!']),
  role('police_aide', '网格警务员', null, ['governance.grid!']),
  role('informant', '网格信息员', null, ['governance.micro']),
  role('village_officer', '驻村民警（一村一警）', null, ['governance.village!']),
  role('deputy_secretary', '村党组织副书记', null, ['governance.village']),
  role('leader', '包保领导', null, [
    'governance.village',
    'governance.town!',
    'governance.county!',
    'governance.city!',
  ]),
  role('water_head', '河湖警长', null, ['water.water!'], WATER_MATTERS),
  role('patrol_squad', '巡逻队', null, ['patrol.zone!']),
  role('watch_team', '志愿守望队', null, ['watch.watch_zone']),
].map((plan, i) => ({ ...plan, position: i + 1 }));

function layer(
  code: string,
  name: string,
  kind: LayerPlan['kind'],
  tiers: readonly (readonly [string, string, string?])[],
): LayerPlan {
  const plans = tiers.map(([tier, tierName, codeScheme], i) => ({
    code: tier,
    name: tierName,
    rank: i + 1,
    ...(codeScheme ? { codeScheme } : {}),
  }));
  return { code, name, kind, tiers: plans };
}

/** Tiers as `layer.tier`, with `!` where the post is required. */
function role(
  code: string,
  name: string,
  answersAs: RolePlan['answersAs'],
  tiers: readonly string[],
  categories: readonly string[] = [],
): Omit<RolePlan, 'position'> {
  const places = tiers.map((place) => {
    const [layerCode, tier] = place.replace('!', '').split('.');
    return { layer: layerCode, tier, required: place.endsWith('!') };
  });
  return { code, name, answersAs, categories, tiers: places };
}
