/** The door to arrangements: lines noded into coverages, and the faces they cut. Pure and exact on the lattice. */
export { type Arrangement, arrange } from './arrangement/arrange.ts';
export { type Line, linesOf } from './arrangement/line.ts';
export { type Noding, nodeInto } from './arrangement/nodeInto.ts';
