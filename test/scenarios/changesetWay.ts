import type { Answer } from '../support/api.ts';
import type { Town } from './demoTown.ts';

const ISSUES = 'issues { id rule severity message waived grids { id code } place }';

/** What is asked of a changeset after each step. */
const SHOWN = `id title status revision author ${ISSUES}
  grids { id code name kind parent { id } manager { id } areaSquareMetres boundary } ended { id code }
  edition { number effectiveAt title }`;

type Headers = Record<string, string>;

/** Who draws and who approves: two people, as the rule of four eyes wants. */
async function twoPeople({ api }: Town): Promise<{ editor: Headers; reviewer: Headers }> {
  return { editor: await api.as('gis_editor', '*'), reviewer: await api.as('admin', '*') };
}

async function step({ api }: Town, by: Headers, field: string, types: string, values: object): Promise<Answer> {
  const names = Object.keys(values);
  const query = `mutation (${types}) { ${field}(${names.map((name) => `${name}: $${name}`).join(', ')}) { ${SHOWN} } }`;
  return (await api.ask(query, values, by))[field];
}

/** Opens a draft and applies ops to it, as an editor does. */
export async function draft(town: Town, title: string, ops: readonly object[]): Promise<Answer> {
  const { editor } = await twoPeople(town);
  const { id, revision } = await step(town, editor, 'openChangeset', '$title: String!', { title });
  const types = '$id: ID!, $expectedRevision: Int!, $ops: [BoundaryOp!]!';
  return step(town, editor, 'applyToChangeset', types, { id, expectedRevision: revision, ops });
}

/** Waives the warnings of a draft, submits it, has somebody else approve it, and publishes it. */
export async function publishDraft(town: Town, drawn: Answer, effectiveAt?: string): Promise<Answer> {
  const { editor, reviewer } = await twoPeople(town);
  let changeset = drawn;
  const { id } = drawn;
  const revised = '$id: ID!, $expectedRevision: Int!';
  for (const { id: issueId, severity } of drawn.issues) {
    if (severity !== 'WARNING') continue;
    const waiver = { id, expectedRevision: changeset.revision, issueId, reason: 'So it was decided.' };
    changeset = await step(town, editor, 'waiveIssue', `${revised}, $issueId: ID!, $reason: String!`, waiver);
  }
  await step(town, editor, 'submitChangeset', revised, { id, expectedRevision: changeset.revision });
  await step(town, reviewer, 'approveChangeset', '$id: ID!', { id });
  return step(town, reviewer, 'publishChangeset', '$id: ID!, $effectiveAt: DateTime', { id, effectiveAt });
}

/** The whole way from ops to an edition. */
export async function redraw(town: Town, title: string, ops: readonly object[], effectiveAt?: string): Promise<Answer> {
  return publishDraft(town, await draft(town, title, ops), effectiveAt);
}

/** Gives a draft up. */
export async function giveUp(town: Town, { id }: Answer): Promise<Answer> {
  return step(town, (await twoPeople(town)).editor, 'discardChangeset', '$id: ID!', { id });
}
