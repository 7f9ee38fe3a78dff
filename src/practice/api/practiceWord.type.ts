import { registerEnumType } from 'type-graphql';

export enum TaskPurposeEnum {
  HANDLE = 'HANDLE',
  JOINT = 'JOINT',
  MEDIATE = 'MEDIATE',
  ATTEND = 'ATTEND',
  SUPERVISE = 'SUPERVISE',
  FOLLOW_UP = 'FOLLOW_UP',
  RECHECK = 'RECHECK',
  WARNING = 'WARNING',
  NOTICE = 'NOTICE',
}
registerEnumType(TaskPurposeEnum, {
  name: 'TaskPurpose',
  description: 'What somebody is asked to do about a matter.',
  valuesConfig: {
    HANDLE: { description: 'Handle it.' },
    JOINT: { description: 'Handle it together with others.' },
    MEDIATE: { description: 'Bring those in dispute to an agreement; never who found the matter.' },
    ATTEND: { description: 'Be there.' },
    SUPERVISE: { description: 'See to it that a late task is done.' },
    FOLLOW_UP: { description: 'Look again some time after a settled end.' },
    RECHECK: { description: 'Look whether a hazard is gone.' },
    WARNING: { description: 'Look into matters that come again at one place.' },
    NOTICE: { description: 'Know of it; nothing is to be done.' },
  },
});

export enum WarningPlaceEnum {
  ADDRESS = 'ADDRESS',
  GRID = 'GRID',
  NEARBY = 'NEARBY',
}
registerEnumType(WarningPlaceEnum, {
  name: 'WarningPlace',
  description: 'What counts as one place.',
  valuesConfig: {
    ADDRESS: { description: 'The same standard address.' },
    GRID: { description: 'The same smallest grid.' },
    NEARBY: { description: 'Within `metres` of each other.' },
  },
});

export enum PracticeSectionEnum {
  categories = 'categories',
  severities = 'severities',
  routes = 'routes',
  ladders = 'ladders',
  warnings = 'warnings',
  responses = 'responses',
  visits = 'visits',
  contacts = 'contacts',
  campaigns = 'campaigns',
  activities = 'activities',
  quotas = 'quotas',
}
registerEnumType(PracticeSectionEnum, {
  name: 'PracticeSection',
  description: 'A section of local practice, by the name of its field.',
  valuesConfig: {
    categories: { description: 'Matters.' },
    severities: { description: 'Grades.' },
    routes: { description: 'Who handles a matter on a tier.' },
    ladders: { description: 'The order of tiers through which it climbs.' },
    warnings: { description: 'What makes an instruction by itself.' },
    responses: { description: 'Response classes.' },
    visits: { description: 'Kinds of visits.' },
    contacts: { description: 'Ways to make contact.' },
    campaigns: { description: 'Campaigns.' },
    activities: { description: 'Classes of activities.' },
    quotas: { description: 'So many tasks of a post in a month.' },
  },
});
