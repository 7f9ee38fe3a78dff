import { afterAll, beforeAll, describe } from 'vitest';
import { addressRows } from './addressRows.ts';
import { changesetRows } from './changesetRows.ts';
import { openTown, type Town } from './demoTown.ts';
import { identityRows } from './identityRows.ts';
import { layerRows } from './layerRows.ts';
import { mediationRows } from './mediationRows.ts';
import { oversightRows } from './oversightRows.ts';
import { publicRows } from './publicRows.ts';
import { rosterRows } from './rosterRows.ts';
import { siteRows } from './siteRows.ts';
import { staffingRows } from './staffingRows.ts';
import { staffRows } from './staffRows.ts';
import { teamRows } from './teamRows.ts';

let opened: Town;
const town = () => opened;

beforeAll(async () => {
  opened = await openTown();
});
afterAll(() => opened?.api.close());

describe('scenario rows, asked of the demo town over HTTP', () => {
  describe('names, codes and trees', () => identityRows(town));
  describe('layers over one another', () => layerRows(town));
  describe('posts, people and teams', () => staffRows(town));
  describe('addresses', () => addressRows(town));
  describe('what teams are made of and cover', () => teamRows(town));
  describe('sites, premises, lines and channels', () => siteRows(town));
  describe('who is on duty when', () => rosterRows(town));
  describe('who is appointed, lent and meant to do what', () => staffingRows(town));
  describe('boundaries, drawn and published as changesets', () => changesetRows(town));
  describe('disputes, from the report to the end', () => mediationRows(town));
  describe('instructions, who gets them and who is late', () => oversightRows(town));
  describe('what the public may see and leave behind', () => publicRows(town));
});
