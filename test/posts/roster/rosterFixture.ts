import { randomUUID } from 'node:crypto';
import { DirectoryRepository } from '../../../src/posts/directory.repository.ts';
import { Directory } from '../../../src/posts/directory.ts';
import { RosterRepository } from '../../../src/posts/roster/roster.repository.ts';
import type { RosterDraft } from '../../../src/posts/roster/roster.type.ts';
import { RosterBook } from '../../../src/posts/roster/rosterBook.ts';
import { RosterLogRepository } from '../../../src/posts/roster/rosterLog.repository.ts';
import { day, type PostsWorld } from '../postsFixture.ts';

export const rosters = new RosterRepository();

/** A roster of every day from 08:00 to 16:00 in Shanghai, unless told otherwise. */
export function makeRoster(appointmentId: string, more: Partial<RosterDraft> = {}): RosterDraft {
  return {
    id: randomUUID(),
    appointmentId,
    timeZone: 'Asia/Shanghai',
    rule: 'FREQ=DAILY',
    startsLocal: '2024-01-01T08:00',
    minutes: 480,
    datesOut: [],
    datesIn: [],
    holidayCalendar: null,
    onHolidays: null,
    validFrom: day('2024-01-01'),
    validTo: null,
    ...more,
  };
}

/** A Directory with rosters that reads the whole log as it stands: what a server shows that was just started. */
export async function openDirectory({ db, editions }: PostsWorld): Promise<{ directory: Directory; book: RosterBook }> {
  const book = new RosterBook(new RosterLogRepository(db));
  const directory = new Directory(new DirectoryRepository(db), book);
  (await directory.read(0, editions.latest))();
  return { directory, book };
}

/** "name" of who is on duty and "(name)" of who is not, in the order of the post. */
export function sayDuty(directory: Directory, gridId: string, at: string, edition: number): string[] {
  return directory
    .postsOn(gridId, { asOf: Date.parse(at), edition })
    .map(({ holders }) =>
      holders.map(({ holder, duty }) => ((duty?.onDuty ?? true) ? holder.name : `(${holder.name})`)).join(' '),
    );
}
