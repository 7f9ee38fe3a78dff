export type Severity = 'ERROR' | 'WARNING' | 'INFO';

export interface Rule {
  /** The gravest it can be; a fault that was there before the draft is INFO. */
  readonly severity: 'ERROR' | 'WARNING';
  readonly meaning: string;
}

/** Every rule that a draft is held to. An ERROR cannot be waived, a WARNING can, with a reason. */
export const RULES = {
  invalid_boundary: {
    severity: 'ERROR',
    meaning:
      'The rings of a boundary cross, touch themselves, overlap or lie outside each other (OGC Simple Features).',
  },
  too_many_vertices: { severity: 'ERROR', meaning: 'A boundary has more than 20,000 vertices.' },
  overlap: {
    severity: 'ERROR',
    meaning: 'Two grids of one tier, or of one parent, hold the same ground in a PARTITION layer.',
  },
  gap: {
    severity: 'ERROR',
    meaning:
      'Ground that no grid of a tier holds in a PARTITION layer: enclosed by grids of the tier, or in a grid whose children held it before the draft.',
  },
  sliver: {
    severity: 'ERROR',
    meaning: 'An overlap or gap narrower than 1 m (twice the area by the border) or under 10 m²: a fault of drawing.',
  },
  t_junction: {
    severity: 'ERROR',
    meaning: 'A vertex of one grid lies on an edge of another that has no vertex there, so they share no whole edge.',
  },
  not_nested: { severity: 'ERROR', meaning: 'More than 0.1 % of the area of a grid lies outside its parent.' },
  missing_parent: {
    severity: 'ERROR',
    meaning: 'The parent has ended or is not known, is in another layer, or is not of a higher tier.',
  },
  derived_differs: {
    severity: 'ERROR',
    meaning: 'A grid of a derived tier is not the union of its children or members.',
  },
  ground_lost: {
    severity: 'WARNING',
    meaning: 'The outer border of the layer recedes: ground that had an owner has none after the draft.',
  },
  not_contiguous: {
    severity: 'WARNING',
    meaning: 'A grid has several parts; parts that meet in a single point count as several.',
  },
  too_small: {
    severity: 'ERROR',
    meaning: 'A grid is smaller than its tier asks (WARNING), or than 10 m², which the registry refuses (ERROR).',
  },
  too_thin: {
    severity: 'WARNING',
    meaning: 'The mean width of a grid, twice its area by the length of its border, is less than its tier asks.',
  },
  code_wrong: {
    severity: 'ERROR',
    meaning: "A code does not match the tier's pattern (ERROR), or a grid lacks the code its tier expects (WARNING).",
  },
  code_doubled: { severity: 'ERROR', meaning: 'Two grids have the same code in one scheme.' },
  outside_area: { severity: 'ERROR', meaning: 'A grid that the draft changes lies outside the area of its editor.' },
  post_without_holder: { severity: 'WARNING', meaning: 'A grid has nobody in a role that must be filled.' },
  load_outside_band: {
    severity: 'WARNING',
    meaning: "The latest load figure of a grid, such as households, lies outside its tier's band.",
  },
} as const satisfies Record<string, Rule>;

export type RuleCode = keyof typeof RULES;
