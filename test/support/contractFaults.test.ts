import { describe, expect, it } from 'vitest';
import { contractFaults } from './contractFaults.ts';

const QUERY = `query ($at: PlaceInput!) { where: ownership(at: $at) { edition asOf validUntil officer { ...Held } layers { status alsoIn { id } } } }
  fragment Held on Holding { rank holder { __typename ... on Person { name } ... on Body { kind } } }`;
const good = () => ({
  where: {
    edition: 3,
    asOf: '2026-06-01T04:00:00.000Z',
    validUntil: null as string | null,
    officer: { rank: 'PRIMARY', holder: { __typename: 'Person', name: '王伟' as string | null } },
    layers: [{ status: 'OWNED', alsoIn: 'not in the contract' }],
  },
});

describe('an answer held against the contract', () => {
  it('passes when every value is of its type; what the contract does not have is passed over', () => {
    expect(contractFaults(QUERY, good())).toEqual([]);
  });

  it.each<[string, (answer: ReturnType<typeof good>['where']) => void]>([
    ['a missing value', (answer) => Object.assign(answer, { edition: null })],
    ['a fraction for a whole number', (answer) => Object.assign(answer, { edition: 1.5 })],
    ['an instant without an offset', (answer) => Object.assign(answer, { validUntil: '2026-06-01T04:00:00' })],
    ['an unknown value of an enum', (answer) => Object.assign(answer.layers[0], { status: 'MAYBE' })],
    ['one thing for a list', (answer) => Object.assign(answer, { layers: answer.layers[0] })],
    ['a fault behind a fragment and a union', (answer) => Object.assign(answer.officer.holder, { name: null })],
  ])('fails for %s', (_, spoil) => {
    const answer = good();
    spoil(answer.where);
    expect(contractFaults(QUERY, answer)).toHaveLength(1);
  });
});
