import { registerEnumType } from 'type-graphql';

export enum HoldingRank {
  PRIMARY = 'PRIMARY',
  DEPUTY = 'DEPUTY',
  REINFORCEMENT = 'REINFORCEMENT',
  SUPPORT = 'SUPPORT',
}
registerEnumType(HoldingRank, {
  name: 'HoldingRank',
  description: 'How someone holds a post, best rank first. Only a PRIMARY or DEPUTY is the standing owner.',
  valuesConfig: {
    PRIMARY: { description: 'Answers in the first place. A vacant post is listed with this rank too.' },
    DEPUTY: { description: 'Stands in for the primary holder.' },
    REINFORCEMENT: { description: 'Lent for some time; never replaces the standing owner.' },
    SUPPORT: { description: 'Backs up the owner, such as a department.' },
  },
});

export enum HoldingReason {
  DIRECT = 'DIRECT',
  INHERITED = 'INHERITED',
  FALLBACK = 'FALLBACK',
  LANGUAGE = 'LANGUAGE',
}
registerEnumType(HoldingReason, {
  name: 'HoldingReason',
  description: 'Why this post answers for the place.',
  valuesConfig: {
    DIRECT: { description: 'It is a post of the smallest grid that holds the place.' },
    INHERITED: { description: 'It is a post of a grid further up the chain.' },
    FALLBACK: { description: 'Nobody else answers, so the body that manages the territory does.' },
    LANGUAGE: { description: 'It was preferred because it speaks the language asked for.' },
  },
});
