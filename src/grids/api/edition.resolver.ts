import { Arg, Int, Resolver, Subscription } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { unopened } from '../../api/feedsByMethod.ts';
import { DomainError } from '../../errors.ts';
import type { EditionRecord, EditionService } from '../edition.service.ts';
import { Edition } from './connection.type.ts';

/** Tells of new editions as they are shown. */
@Resolver(() => Edition)
export class EditionResolver {
  private readonly log: EditionService;

  constructor(editions: EditionService) {
    this.log = editions;
  }

  /** Gives the events themselves: `feedsByMethod` lets the method open the subscription. */
  @Right('editions.follow')
  @Subscription(() => Edition, {
    subscribe: unopened,
    description:
      'Every new edition, once, in order and without a hole. Keep the answers you have until one arrives, then ask again. After a break pass the number of the last edition you saw as `after`.',
  })
  editionFeed(
    @Arg('after', () => Int, {
      nullable: true,
      description: 'Begin behind this edition, 0 for all there ever were; with those to come if not given.',
    })
    after?: number | null,
  ): AsyncIterableIterator<EditionRecord> {
    const { latest } = this.log;
    if (after != null && (after < 0 || after > latest)) {
      const message = `after: the editions are 1 to ${latest}; give the number of one you saw, or 0, not ${after}.`;
      throw new DomainError('BAD_INPUT', message, { field: 'after', latest });
    }
    return this.log.follow(after ?? latest);
  }
}
