import { describe, expect, it } from 'vitest';
import { Mesh } from '../../../seeds/terrain/mesh.ts';
import { outline } from '../../../seeds/terrain/outline.ts';
import { Random } from '../../../seeds/terrain/random.ts';
import { dissolve } from '../../../src/geometry/coverage.ts';
import { directedEdges } from '../coverage.ts';

describe('the outline of faces', () => {
  it('equals their dissolved union, for scattered sets with holes, islands and islands in holes', () => {
    const random = new Random(9);
    const centre = { lon: 105.2, lat: 25.2 };
    const mesh = new Mesh({ columns: 24, rows: 24, sideMetres: 130, segments: 3, centre, random });
    let parts = 0;
    let holes = 0;
    for (let run = 0; run < 60; run++) {
      const share = random.next();
      const faces = mesh.faces().filter(() => random.next() < share);
      if (faces.length === 0) continue;
      const own = outline(mesh, faces);
      const shared = dissolve(faces.map((face) => outline(mesh, [face])));
      expect(directedEdges([own]).sort()).toEqual(directedEdges([shared]).sort());
      const shapeOf = (shape: typeof own) => shape.map((polygon) => polygon.map((ring) => ring.length).sort()).sort();
      expect(shapeOf(own)).toEqual(shapeOf(shared));
      parts += own.length;
      holes += own.flat().length - own.length;
    }
    expect(parts).toBeGreaterThan(500);
    expect(holes).toBeGreaterThan(300);
  });
});
