import type { Kysely } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { FigureResolver } from '../../figures/api/figure.resolver.ts';
import { CreditService } from '../../figures/credit.service.ts';
import { DigestService } from '../../figures/digest.service.ts';
import { FigureRepository } from '../../figures/figure.repository.ts';
import { FigureService } from '../../figures/figure.service.ts';
import { FrameReader } from '../../figures/frame/frameReader.ts';
import { PlaceRepository } from '../../figures/placing/place.repository.ts';
import { Placer } from '../../figures/placing/placer.ts';
import { SeverityService } from '../../figures/severity.service.ts';
import { LoadPerPost } from '../../figures/staffing/loadPerPost.ts';
import { QuotaRepository } from '../../figures/staffing/quota.repository.ts';
import { QuotaService } from '../../figures/staffing/quota.service.ts';
import { StaffingFiguresResolver } from '../../figures/staffing/staffingFigures.resolver.ts';
import type { RegistryParts } from '../registryParts.ts';
import type { IncidentNeeds } from './incidentParts.ts';

/** The resolvers of figures: rates, digests, grades, loads, quotas and credit. */
export function buildFigureResolvers(
  db: Kysely<Database>,
  { atlas, directory, finder, lineage, moments, practiceBook: practice }: RegistryParts,
  { tree, clock }: IncidentNeeds,
) {
  const repository = new FigureRepository();
  const frames = new FrameReader({ atlas, finder, moments, practice }, tree, clock);
  const figures = new FigureService({ db, repository }, frames, new Placer(atlas, lineage, new PlaceRepository()));
  const quotas = new QuotaService({ db, repository: new QuotaRepository() }, frames, directory);
  const credits = new CreditService(figures, frames, repository);
  return [
    new FigureResolver(figures, new DigestService(figures, frames), new SeverityService(figures, frames, repository)),
    new StaffingFiguresResolver(new LoadPerPost(frames, directory), quotas, credits, directory),
  ];
}
