import { afterAll, beforeAll, describe } from 'vitest';
import { addressRows } from './addressRows.ts';
import { attendanceRows } from './attendanceRows.ts';
import { changesetRows } from './changesetRows.ts';
import { openTown, type Town } from './demoTown.ts';
import { feedRows } from './feedRows.ts';
import { figureRows } from './figureRows.ts';
import { handlingRows } from './handlingRows.ts';
import { identityRows } from './identityRows.ts';
import { incidentOwnerRows } from './incidentOwnerRows.ts';
import { incidentRows } from './incidentRows.ts';
import { layerRows } from './layerRows.ts';
import { mediationRows } from './mediationRows.ts';
import { oversightRows } from './oversightRows.ts';
import { publicRows } from './publicRows.ts';
import { rosterRows } from './rosterRows.ts';
import { siteRows } from './siteRows.ts';
import { staffingRows } from './staffingRows.ts';
import { staffRows } from './staffRows.ts';
import { teamRows } from './teamRows.ts';
import { visitRows } from './visitRows.ts';

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
  describe('incidents, and to whom they go', () => incidentRows(town));
  describe('incidents, and whose they are', () => incidentOwnerRows(town));
  describe('incidents, and what is asked of whom', () => handlingRows(town));
  describe('incidents, and who was there', () => attendanceRows(town));
  describe('visits, digests and activities', () => visitRows(town));
  describe('figures, and what they are about', () => figureRows(town));
  describe('what areas are told', () => feedRows(town));
  describe('what the public may see and leave behind', () => publicRows(town));
});
