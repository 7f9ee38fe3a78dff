/** The door to coverages: sets of shapes of one tier that share whole edges. Pure and exact on the lattice. */
export {
  assignFaces,
  type CoverageFace,
  DEFAULT_TOLERANCE,
  type FaceAssignment,
  type SliverTolerance,
} from './coverage/assignFaces.ts';
export { dissolve } from './coverage/dissolve.ts';
export { findCoverageFaults } from './coverage/findCoverageFaults.ts';
export { latticeArea2, ringArea2 } from './coverage/latticeArea.ts';
export { areaSquareMetres } from './coverage/squareMetres.ts';
