import { expect, it } from 'vitest';
import { lookup, type Town } from './demoTown.ts';

const ADDRESS = 'id text aliases point { lon lat }';

/** The demo's addresses, as a caller says them. */
export function addressRows(town: () => Town): void {
  it('an address of the demo, said in part, has the owners of its point', async () => {
    const { api, plan } = town();
    const said = plan.addresses.filter(({ text }) => text.includes('李鹊镇') && text.endsWith('号')).slice(0, 20);
    for (const { id, text, point } of said) {
      const address = text.slice(text.indexOf('李鹊镇'));
      const [byText, byPoint] = [await lookup(town(), { address }), await lookup(town(), { point })];
      expect(byText.officer?.holder?.id, address).toBe(byPoint.officer?.holder?.id);
      const query = `query ($at: PlaceInput!) { ownership(at: $at) { place { confidence address { ${ADDRESS} } } } }`;
      const { place } = (await api.ask(query, { at: { address } })).ownership;
      expect(place.address, address).toMatchObject({ id, text });
      expect(place.confidence).toBeGreaterThan(0.9);
    }
  });

  it('every address of the demo lies in a grid, and is found by its id and by its aliases', async () => {
    const { api, plan } = town();
    const query =
      '{ addressesOutside(layer: "governance", first: 5) { edges { node { text } } pageInfo { hasNextPage } } }';
    expect((await api.ask(query)).addressesOutside).toEqual({ edges: [], pageInfo: { hasNextPage: false } });
    const { id, aliases } = plan.addresses.find((address) => address.aliases.length > 0)!;
    const [search] = aliases;
    const { addresses, address } = await api.ask(
      `query ($search: String!, $id: ID!) { addresses(search: $search) { score address { ${ADDRESS} } } address(id: $id) { ${ADDRESS} } }`,
      { search, id },
    );
    expect(addresses[0].address).toEqual(address);
    expect(address.aliases).toContain(search);
  });

  it('an address of which only the town is known is answered by what is sure of the whole town', async () => {
    const answer = await lookup(town(), { address: '淅河镇不知道路99号' });
    expect(answer.layer('governance').grid.name).toBe('淅河镇');
    // A lake lies in the town, and holds a part of it only.
    expect(answer.layer('water')).toMatchObject({ status: 'NOT_SERVED', grid: null, chain: [] });
  });
}
