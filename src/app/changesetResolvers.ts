import type { Kysely } from 'kysely';
import { ChangesetResolver } from '../changesets/api/changeset.resolver.ts';
import { TierRuleResolver } from '../changesets/tiers/tierRule.resolver.ts';
import { AddressPointRepository } from '../consequences/addressPoint.repository.ts';
import {
  AddressConsequencesResolver,
  ChangesetConsequencesResolver,
} from '../consequences/api/consequence.resolver.ts';
import { IncidentConsequencesResolver } from '../consequences/api/incidentConsequences.resolver.ts';
import { ConsequenceService } from '../consequences/consequence.service.ts';
import { OpenIncidentRepository } from '../consequences/incidents/openIncident.repository.ts';
import { OpenIncidents } from '../consequences/incidents/openIncidents.service.ts';
import type { Database } from '../db/tables.ts';
import { AnsweringService } from '../discrepancies/answering.service.ts';
import { DiscrepancyResolver } from '../discrepancies/api/discrepancy.resolver.ts';
import { ReportViews } from '../discrepancies/api/reportViews.ts';
import { DiscrepancyRepository } from '../discrepancies/discrepancy.repository.ts';
import { DiscrepancyService } from '../discrepancies/discrepancy.service.ts';
import { EditedFileResolver } from '../exchange/api/editedFile.resolver.ts';
import type { ChangesetNeeds, ChangesetParts } from './changesetParts.ts';
import type { RegistryParts } from './registryParts.ts';

/** The resolvers of boundary editing: changesets, what they would change, rules of tiers, and reports of faults. */
export function buildBoundaryEditing(
  db: Kysely<Database>,
  registry: RegistryParts,
  changesets: ChangesetParts,
  { tree, audit, clock }: ChangesetNeeds,
) {
  const { addresses, atlas, directory, editions, moments } = registry;
  const { drafts, review, publishing, files, exporter, tierRules } = changesets;
  const preview = new ConsequenceService(
    { atlas, directory, moments },
    new AddressPointRepository(db),
    addresses.finder,
  );
  const reports = { db, repository: new DiscrepancyRepository(), audit };
  return [
    new ChangesetResolver(drafts, review, publishing, { atlas, editions }),
    new EditedFileResolver(files, exporter, drafts, { atlas, editions }),
    new TierRuleResolver(tierRules),
    new ChangesetConsequencesResolver(preview, atlas),
    new AddressConsequencesResolver(preview),
    new IncidentConsequencesResolver(new OpenIncidents(db, new OpenIncidentRepository(), clock)),
    new DiscrepancyResolver(
      new DiscrepancyService(reports, atlas, moments),
      new AnsweringService(reports, tree, clock),
      new ReportViews(atlas, directory, moments, registry.lineage),
    ),
  ];
}
