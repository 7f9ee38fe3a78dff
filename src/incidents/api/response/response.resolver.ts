import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import type { RequestContext } from '../../../access/requestContext.ts';
import type { Atlas } from '../../../grids/atlas/atlas.ts';
import { chainOf, versionAt } from '../../../grids/atlas/rows.ts';
import type { MomentReader } from '../../../grids/momentReader.ts';
import type { PracticeReader } from '../../../practice/practice.type.ts';
import { Incident } from '../incident.type.ts';
import { arrivalsOf } from './arrivals.ts';
import { IncidentResponse } from './response.type.ts';

/** Whether those who were sent were there in time, by the practice of the day from which the matter is owned. */
@Resolver(() => Incident)
export class ResponseResolver {
  private readonly atlas: Pick<Atlas, 'findGrid'>;
  private readonly practice: PracticeReader;
  private readonly moments: MomentReader;

  constructor(atlas: Pick<Atlas, 'findGrid'>, practice: PracticeReader, moments: MomentReader) {
    this.atlas = atlas;
    this.practice = practice;
    this.moments = moments;
  }

  @Right('incidents.read')
  @FieldResolver(() => IncidentResponse, {
    nullable: true,
    complexity: ({ childComplexity }) => 20 + childComplexity,
    description: 'Who was there in time. Null: it falls under no response class, or the practice there knows no such.',
  })
  async response(@Root() incident: Incident, @Ctx() by: RequestContext): Promise<IncidentResponse | null> {
    const { responseClass, ownedAt, edition, occurredAt } = incident.record;
    if (responseClass === null) return null;
    const { parties, tasks } = await incident.parts(by);
    const day = { asOf: ownedAt.getTime(), edition };
    const gridIds = parties
      .filter(({ reason }) => reason === 'OWNER')
      .flatMap(({ gridId }) => {
        const entry = this.atlas.findGrid(gridId);
        const version = entry && versionAt(entry, day);
        return version ? chainOf(version, day).map(({ grid }) => grid.id) : [];
      });
    const known = this.practice.practiceAt(gridIds, day).responses.find(({ code }) => code === responseClass);
    if (!known) return null;
    return new IncidentResponse(known, arrivalsOf(occurredAt, tasks, known, this.moments.read().asOf));
  }
}
