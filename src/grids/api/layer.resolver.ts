import { Arg, Int, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf, pageSized } from '../../api/listSize.ts';
import { type Page, pageOf } from '../../api/page.type.ts';
import type { Atlas } from '../atlas/atlas.ts';
import type { EditionRecord, EditionService } from '../edition.service.ts';
import { EditionConnection } from './connection.type.ts';
import { Layer } from './layer.type.ts';

/** What the registry holds: its layers and its editions. */
@Resolver(() => Layer)
export class LayerResolver {
  private readonly atlas: Atlas;
  private readonly log: EditionService;

  constructor(atlas: Atlas, editions: EditionService) {
    this.atlas = atlas;
    this.log = editions;
  }

  @Right('registry.read')
  @Query(() => [Layer], {
    complexity: listOf(5),
    description: 'All layers with their tiers, in the order in which answers list them.',
  })
  layers(): Layer[] {
    const edition = this.log.latest;
    return this.atlas.layersAt(edition).map((layer) => new Layer(layer, edition));
  }

  @Right('registry.read')
  @Query(() => EditionConnection, {
    complexity: pageSized(),
    description: 'Every publication of the registry, oldest first.',
  })
  editions(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 200; 50 if not given.' }) first?:
      | number
      | null,
    @Arg('after', () => String, { nullable: true, description: 'Go on behind this cursor.' }) after?: string | null,
  ): Page<EditionRecord> {
    const key = (edition: EditionRecord) => String(edition.number).padStart(10, '0');
    return pageOf('edition', this.log.editions, { first, after }, key, (edition) => edition);
  }
}
