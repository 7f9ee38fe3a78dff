import { afterAll, beforeAll, describe } from 'vitest';
import { addressRows } from './addressRows.ts';
import { openTown, type Town } from './demoTown.ts';
import { identityRows } from './identityRows.ts';
import { layerRows } from './layerRows.ts';
import { publicRows } from './publicRows.ts';
import { staffRows } from './staffRows.ts';

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
  describe('what the public may see and leave behind', () => publicRows(town));
});
