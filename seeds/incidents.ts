import type { RequestContext } from '../src/access/requestContext.ts';
import type { ReportRequest } from '../src/incidents/reporting/reportRequest.ts';
import type { CityPlan } from './plan.type.ts';

/** Who takes reports. */
interface Reports {
  report(by: RequestContext, request: ReportRequest): Promise<unknown>;
}

type Matter = Pick<ReportRequest, 'category' | 'summary' | 'severity' | 'language' | 'origin'>;

/** What is going on in the demo town, by the highlight where it is. All of it is invented. */
const MATTERS: Readonly<Record<string, Matter>> = {
  firstQuery: { category: 'dispute', summary: '相邻两户因排水沟争执', severity: 'yellow' },
  farm: { category: 'land', summary: '承包地田埂界线不清', severity: 'yellow' },
  manyGridsTown: { category: 'neighbourhood', summary: '楼道堆物', severity: 'green', origin: 'FOUND' },
  bouyeiTown: { category: 'dispute', summary: '宅基地纠纷，当事人讲布依语', severity: 'blue', language: 'pcc' },
  onTheLake: { category: 'drowning', summary: '湖边护栏缺损', severity: 'red' },
  threeTierTown: { category: 'wages', summary: '工地拖欠工资', severity: 'red' },
  vacantBeat: { category: 'noise', summary: '夜间施工噪声', severity: 'green' },
  vacantVillage: { category: 'hazard', summary: '老旧线路裸露', severity: 'red', origin: 'FOUND' },
  cutGrid: { category: 'theft', summary: '农机具失窃', severity: 'yellow' },
};

/** Reports the matters of the demo, now; again it does nothing, for each has a key of its own. */
export async function reportIncidents(reports: Reports, { highlights }: CityPlan, by: RequestContext): Promise<void> {
  for (const [name, matter] of Object.entries(MATTERS)) {
    const { lon, lat } = highlights[name];
    await reports.report(by, { ...matter, at: { point: { lon, lat } }, clientKey: `demo-${name}` });
  }
}
