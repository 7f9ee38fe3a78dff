import type { Mutation } from './build.ts';
import type { FaultKind } from './checker.ts';

/** The house, broken at one place as somebody might build it. The checker must catch it. */
export interface Twin {
  readonly name: string;
  /** What it must be caught with. */
  readonly caughtWith: readonly FaultKind[];
  readonly mutations?: readonly Mutation[];
  /** Changes the database. */
  readonly sql?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Changes the text of a function in the database. Fails where the text is not there: the twin would not be broken. */
function rewrite(signature: string, changes: readonly (readonly [from: string, to: string])[]): string {
  const steps = changes.map(
    ([from, to]) => `if position($f$${from}$f$ in body) = 0 then raise exception 'no twin: %', $f$${from}$f$; end if;
      body := replace(body, $f$${from}$f$, $f$${to}$f$);`,
  );
  return `do $do$ declare body text := pg_get_functiondef('${signature}'::regprocedure);
    begin ${steps.join('\n')} execute body; end $do$;`;
}

const SEQUENCE = 'sequence_feed(integer)';

/** Positions are the numbers that writers drew, so that one who commits late lies behind the cursors of readers. */
const SERIAL_CURSOR: Twin = {
  name: 'serial cursor',
  caughtWith: ['LOST', 'HOLE'],
  sql: rewrite(SEQUENCE, [
    ['last + row_number() over (order by b.id)', 'b.id'],
    [
      'set last_position = last + moved',
      'set last_position = greatest(last, (select max(e.position) from public.feed_event e))',
    ],
  ]),
  mutations: [
    {
      file: 'src/feed/reading/tail.ts',
      from: 'if (event.position !== this.#head.position + 1)',
      to: 'if (event.position <= this.#head.position)',
    },
  ],
};

/** The database says yes before the commit, which comes a moment later if the server lives so long. */
const EARLY_ANSWER: Twin = {
  name: 'answer before commit',
  caughtWith: ['LOST', 'OUT_OF_ORDER'],
  mutations: [
    {
      file: 'src/db/pool.ts',
      from: 'const result = await this.#client.query({ text, values, ...(name ? { name } : {}) });',
      to: `if (text === 'commit') {
        this.#client.query('select pg_sleep(0.1)').catch(() => {});
        this.#client.query('commit').catch(() => {});
        return { command: 'COMMIT', rowCount: 0, oid: 0, fields: [], rows: [] };
      }
      const result = await this.#client.query({ text, values, ...(name ? { name } : {}) });`,
    },
  ],
};

/** Two at it at once, each skipping what the other has: numbers from a sequence, so that they do not meet. */
const NO_LOCK: Twin = {
  name: 'sequencer without lock',
  caughtWith: ['OUT_OF_ORDER', 'HOLE'],
  sql: `create sequence feed_position;
    select setval('feed_position', last_position) from feed_state where last_position > 0;
    ${rewrite(SEQUENCE, [
      [
        `if not pg_try_advisory_xact_lock(hashtext('wangge.feed')) then
    return -1;
  end if;`,
        '',
      ],
      ['from public.feed_state s for update', 'from public.feed_state s'],
      ['order by f.id limit most', 'order by f.id limit least(most, 5) for update skip locked'],
      [
        'last + row_number() over (order by b.id)',
        `nextval('public.feed_position') + 0 * length(pg_sleep(0.002)::text)`,
      ],
      [
        'set last_position = last + moved',
        'set last_position = greatest(last_position, (select max(e.position) from public.feed_event e))',
      ],
    ])}`,
  mutations: [{ file: 'src/feed/sequencing/sequencer.ts', from: '{ postgres: 20,', to: '{ postgres: 1,' }],
};

/** Whoever comes back is told what happens from now on. */
const NO_RESUME: Twin = {
  name: 'no resume',
  caughtWith: ['LOST'],
  mutations: [
    {
      file: 'src/incidents/feed/incidentFeed.resolver.ts',
      from: 'this.feeds.open(filter, after, ',
      to: 'this.feeds.open(filter, null, ',
    },
  ],
};

/** An event counts as delivered as soon as it is sent, whatever the receiver says. */
const EARLY_MARK: Twin = {
  name: 'webhook marked before 2xx',
  caughtWith: ['LOST'],
  mutations: [
    {
      file: 'src/webhooks/delivery/courier/courier.ts',
      from: 'const result = await this.#office.sender.send(parcel, this.#abort.signal);',
      to: `void this.#office.sender.send(parcel, this.#abort.signal);
    const result = { httpStatus: 200, error: null, milliseconds: 0 } as { httpStatus: number; error: string | null; milliseconds: number };`,
    },
  ],
};

export const TWINS: readonly Twin[] = [SERIAL_CURSOR, EARLY_ANSWER, NO_LOCK, EARLY_MARK, NO_RESUME];
