import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { listRights } from '../../src/access/declareRight.ts';
import { systemViewer, type Viewer } from '../../src/access/viewer.ts';
import type { App } from '../../src/app.ts';
import { FigureResolver } from '../../src/figures/api/figure.resolver.ts';
import { CreditService } from '../../src/figures/credit.service.ts';
import { DigestService } from '../../src/figures/digest.service.ts';
import { FigureRepository } from '../../src/figures/figure.repository.ts';
import { FigureService } from '../../src/figures/figure.service.ts';
import { FrameReader } from '../../src/figures/frame/frameReader.ts';
import { PlaceRepository } from '../../src/figures/placing/place.repository.ts';
import { Placer } from '../../src/figures/placing/placer.ts';
import { SeverityService } from '../../src/figures/severity.service.ts';
import { LoadPerPost } from '../../src/figures/staffing/loadPerPost.ts';
import { QuotaRepository } from '../../src/figures/staffing/quota.repository.ts';
import { QuotaService } from '../../src/figures/staffing/quota.service.ts';
import { StaffingFiguresResolver } from '../../src/figures/staffing/staffingFigures.resolver.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import type { Practice } from '../../src/practice/practice.type.ts';
import type { Answer } from '../support/api.ts';

export const TIME_ZONE = 'Asia/Shanghai';
const NO_PRACTICE: Practice = {
  ...{ categories: [], severities: [], routes: [], ladders: [], warnings: [], responses: [] },
  ...{ visits: [], contacts: [], campaigns: [], activities: [], quotas: [] },
};

/** What makes figures over a house, with practice as the test says. */
export class Figuring {
  readonly frames: FrameReader;
  readonly figures: FigureService;
  readonly digests: DigestService;
  readonly credits: CreditService;
  readonly severities: SeverityService;
  practice = NO_PRACTICE;
  readonly #schema: GraphQLSchema;

  constructor(app: App, clock: () => Date, timeZone = TIME_ZONE) {
    const { atlas, finder, moments, lineage, directory, database } = app;
    const { db } = database;
    const practice = { practiceAt: () => this.practice };
    const tree = new GridAreas(atlas, finder, moments);
    this.frames = new FrameReader({ atlas, finder, moments, practice }, tree, { now: clock, timeZone });
    const repository = new FigureRepository();
    const placer = new Placer(atlas, lineage, new PlaceRepository());
    this.figures = new FigureService({ db, repository }, this.frames, placer);
    this.digests = new DigestService(this.figures, this.frames);
    this.credits = new CreditService(this.figures, this.frames, repository);
    this.severities = new SeverityService(this.figures, this.frames, repository);
    const quotas = new QuotaService({ db, repository: new QuotaRepository() }, this.frames, directory);
    const resolvers = [
      new FigureResolver(this.figures, this.digests, this.severities),
      new StaffingFiguresResolver(new LoadPerPost(this.frames, directory), quotas, this.credits, directory),
    ];
    this.#schema = buildSchemaSync({
      resolvers: [FigureResolver, StaffingFiguresResolver],
      container: { get: (wanted) => resolvers.find((each) => each instanceof (wanted as never)) },
      validate: false,
    });
    listRights(this.#schema);
  }

  /** The data; throws the first error. */
  async ask(source: string, viewer: Viewer = systemViewer('test')): Promise<Answer> {
    const { data, errors } = await this.askRaw(source, viewer);
    if (errors) throw errors[0].originalError ?? errors[0];
    return data;
  }

  askRaw(source: string, viewer: Viewer = systemViewer('test')): Promise<ExecutionResult> {
    const contextValue = { viewer, requestId: 'test', log: { error: () => {} } };
    return graphql({ schema: this.#schema, source, contextValue }) as Promise<ExecutionResult>;
  }
}
