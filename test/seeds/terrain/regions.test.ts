import { describe, expect, it } from 'vitest';
import { Mesh } from '../../../seeds/terrain/mesh.ts';
import { Random } from '../../../seeds/terrain/random.ts';
import { apportion, Regions, sum } from '../../../seeds/terrain/regions.ts';

function regionsOf(seed: number): Regions {
  const random = new Random(seed);
  const centre = { lon: 105.2, lat: 25.2 };
  return new Regions(new Mesh({ columns: 36, rows: 36, sideMetres: 130, segments: 2, centre, random }), random);
}

describe('cutting faces into regions', () => {
  it('gives as many connected regions as asked for, and every face to one of them', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const regions = regionsOf(seed);
      const city = regions.cityOutline(300);
      const weights = Array.from({ length: 1 + ((seed * 13) % 290) }, (_, i) => 1 + (i % 5));
      const parts = regions.split(city, weights);
      expect(parts).toHaveLength(weights.length);
      expect(parts.flat().sort((a, b) => a - b)).toEqual([...city].sort((a, b) => a - b));
      for (const part of parts) expect(regions.components(part)).toHaveLength(1);
    }
  });

  it('keeps to the weights within a few faces', () => {
    const regions = regionsOf(3);
    const sizes = regions.split(regions.cityOutline(400), [1, 7, 2, 10]).map((part) => part.length);
    expect(sum(sizes)).toBe(400);
    [20, 140, 40, 200].forEach((wanted, i) => {
      expect(Math.abs(sizes[i] - wanted)).toBeLessThan(20);
    });
  });

  it('refuses more regions than faces', () => {
    const regions = regionsOf(4);
    expect(() => regions.split(regions.cityOutline(5), [1, 1, 1, 1, 1, 1])).toThrow('5 faces cannot make 6 regions');
  });

  it('shares out whole pieces exactly, at least one each and within the caps', () => {
    expect(apportion(17, [100, 100, 96])).toEqual([6, 6, 5]);
    expect(apportion(10, [1, 1000, 1], [2, 7, 9])).toEqual([2, 7, 1]);
    expect(() => apportion(2, [1, 1, 1])).toThrow('do not fit');
  });
});
