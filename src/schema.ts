import 'reflect-metadata';
import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { buildSchemaSync, type ContainerType, getMetadataStorage } from 'type-graphql';
import { listRights } from './access/declareRight.ts';
import { AddressResolver } from './addresses/api/address.resolver.ts';
import { feedsByMethod, NO_TOPICS } from './api/feedsByMethod.ts';
import { ViewerResolver } from './api/viewer.resolver.ts';
import { AuditResolver } from './audit/api/audit.resolver.ts';
import { ChangesetResolver } from './changesets/api/changeset.resolver.ts';
import { TierRuleResolver } from './changesets/tiers/tierRule.resolver.ts';
import { AddressConsequencesResolver, ChangesetConsequencesResolver } from './consequences/api/consequence.resolver.ts';
import { IncidentConsequencesResolver } from './consequences/api/incidentConsequences.resolver.ts';
import { DiscrepancyResolver } from './discrepancies/api/discrepancy.resolver.ts';
import { EditedFileResolver } from './exchange/api/editedFile.resolver.ts';
import { EditionFeedsResolver } from './feed/editions/editionFeeds.resolver.ts';
import { FigureResolver } from './figures/api/figure.resolver.ts';
import { StaffingFiguresResolver } from './figures/staffing/staffingFigures.resolver.ts';
import { EditionResolver } from './grids/api/edition.resolver.ts';
import { GridResolver } from './grids/api/grid.resolver.ts';
import { LayerResolver } from './grids/api/layer.resolver.ts';
import { LineageResolver } from './grids/lineage/lineage.resolver.ts';
import { IncidentResolver } from './incidents/api/incident.resolver.ts';
import { IncidentActsResolver } from './incidents/api/incidentActs.resolver.ts';
import { ResponseResolver } from './incidents/api/response/response.resolver.ts';
import { TaskResolver } from './incidents/api/task.resolver.ts';
import { TaskActsResolver } from './incidents/api/taskActs.resolver.ts';
import { IncidentFeedResolver } from './incidents/feed/incidentFeed.resolver.ts';
import { OversightResolver } from './incidents/oversight/api/oversight.resolver.ts';
import { RouteTableResolver } from './incidents/routing/api/routeTable.resolver.ts';
import { ApiClientResolver } from './keys/apiClient.resolver.ts';
import { OwnershipResolver } from './ownership/api/ownership.resolver.ts';
import { DutyResolver } from './ownership/duties/duty.resolver.ts';
import { GridPostsResolver, GridVersionPostsResolver } from './posts/api/gridPosts.resolver.ts';
import { StaffResolver } from './posts/api/staff.resolver.ts';
import { VacancyResolver } from './posts/api/vacancy.resolver.ts';
import { AppointingResolver } from './posts/appointing/appointing.resolver.ts';
import { AuditsResolver } from './posts/audits/audits.resolver.ts';
import { UncoveredHoursResolver } from './posts/roster/api/uncoveredHours.resolver.ts';
import { RosterManagingResolver } from './posts/roster/managing/managing.resolver.ts';
import { StaffFileResolver } from './posts/staffFile/staffFile.resolver.ts';
import { PracticeResolver } from './practice/api/practice.resolver.ts';
import { HoldingBaseResolver, SiteResolver } from './sites/api/site.resolver.ts';
import { ChannelResolver } from './sites/channels/channel.resolver.ts';
import { SiteActsResolver } from './sites/managing/siteActs.resolver.ts';
import { BodiesResolver } from './teams/api/bodies.resolver.ts';
import { BodyTeamsResolver } from './teams/api/bodyTeams.resolver.ts';
import { TeamActsResolver } from './teams/managing/teamActs.resolver.ts';
import { ActivityResolver } from './visits/api/activity.resolver.ts';
import { VisitResolver } from './visits/api/visit.resolver.ts';
import { ResponseGapResolver } from './visits/response/responseGap.resolver.ts';
import { WebhookResolver } from './webhooks/api/webhook.resolver.ts';
import { WebhookActsResolver } from './webhooks/api/webhookActs.resolver.ts';

/** The GraphQL schema; throws where a field declares no right. Resolvers are taken from the container when they are asked. */
export function buildApiSchema(container: ContainerType): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      LayerResolver,
      GridResolver,
      LineageResolver,
      GridPostsResolver,
      GridVersionPostsResolver,
      VacancyResolver,
      UncoveredHoursResolver,
      StaffResolver,
      StaffFileResolver,
      AddressResolver,
      BodiesResolver,
      BodyTeamsResolver,
      SiteResolver,
      HoldingBaseResolver,
      ChannelResolver,
      AppointingResolver,
      TeamActsResolver,
      SiteActsResolver,
      RosterManagingResolver,
      AuditsResolver,
      DutyResolver,
      ChangesetResolver,
      EditedFileResolver,
      TierRuleResolver,
      ChangesetConsequencesResolver,
      AddressConsequencesResolver,
      IncidentConsequencesResolver,
      DiscrepancyResolver,
      IncidentResolver,
      IncidentFeedResolver,
      EditionFeedsResolver,
      WebhookResolver,
      WebhookActsResolver,
      IncidentActsResolver,
      ResponseResolver,
      TaskResolver,
      TaskActsResolver,
      OversightResolver,
      RouteTableResolver,
      PracticeResolver,
      VisitResolver,
      ActivityResolver,
      ResponseGapResolver,
      FigureResolver,
      StaffingFiguresResolver,
      OwnershipResolver,
      ViewerResolver,
      EditionResolver,
      ApiClientResolver,
      AuditResolver,
    ],
    container,
    pubSub: NO_TOPICS,
    // Services check what they are given, with words of their own.
    validate: false,
  });
  listRights(schema);
  feedsByMethod(schema);
  readPropertiesDirectly(schema);
  return schema;
}

/**
 * Lets fields that are getters or methods of their object be read as such. type-graphql wraps each in a resolver of its
 * own, and one with arguments in a promise too, which an answer with twenty grids pays for at every grid.
 */
function readPropertiesDirectly(schema: GraphQLSchema): void {
  const { objectTypes, fields } = getMetadataStorage();
  const nameOf = new Map(objectTypes.map((type) => [type.target, type.name]));
  for (const { target, name, schemaName, params = [] } of fields) {
    const type = schema.getType(nameOf.get(target) ?? '');
    const property = Object.getOwnPropertyDescriptor(target.prototype, name);
    if (!isObjectType(type) || !property) continue;
    const field = type.getFields()[schemaName];
    field.resolve = property.get ? undefined : methodCall(name, params);
  }
}

type Parameter = { readonly index: number; readonly kind: string; readonly name?: string };

function methodCall(
  method: string,
  params: readonly Parameter[],
): GraphQLFieldResolver<Record<string, (...args: unknown[]) => unknown>, unknown> {
  const names = [...params].sort((a, b) => a.index - b.index).map((param) => param.name ?? '');
  return (source, args) => source[method](...names.map((n) => args[n]));
}
