import { beforeAll, describe, expect, it } from 'vitest';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { makeAddressBook } from './generator/addressBook.ts';
import { distortedQuestions } from './generator/distort.ts';
import { draftsOf, openAddresses, publishBook } from './openAddresses.ts';

// At full size, once by hand: ADDRESSES=50000 QUESTIONS=10000 npx vitest run test/addresses/addressBook.test.ts
const SIZE = Number(process.env.ADDRESSES ?? 5000);
const QUESTIONS = Number(process.env.QUESTIONS ?? 1000);
/** Another seed is another book and other questions: weights were chosen with 41 and 7. */
const SEED = Number(process.env.SEED ?? 0);
const AT_ONCE = 500;

let house: ReturnType<typeof openAddresses>;
const book = makeAddressBook(SIZE, 41 + SEED);
beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  house = openAddresses(db);
  await publishBook(house, draftsOf(book));
});

interface Tally {
  asked: number;
  right: number;
}

describe(`a made-up book of ${SIZE} addresses`, () => {
  it(`finds what ${QUESTIONS} distorted questions mean, and is hardly ever sure of something wrong`, async () => {
    const moment = { asOf: Date.parse('2026-06-01'), edition: house.editions.latest };
    const questions = [...distortedQuestions(book, QUESTIONS, 7 + SEED)];
    const present: Tally = { asked: 0, right: 0 };
    const tenths = Array.from({ length: 10 }, (): Tally => ({ asked: 0, right: 0 }));
    const sureAndWrong: string[] = [];
    const missed: string[] = [];
    for (let i = 0; i < questions.length; i += AT_ONCE) {
      const some = questions.slice(i, i + AT_ONCE);
      const matches = await house.finder.searchMany(
        some.map(({ text }) => text),
        moment,
      );
      for (const [j, { text, meant, how }] of some.entries()) {
        const top = matches[j].at(0);
        const isRight = meant !== null && top?.address.id === meant;
        const told = `${text} (${how.join('; ')}): ${top ? `${top.address.text} ${top.score.toFixed(3)}` : 'nothing'}`;
        if (meant !== null) count(present, isRight);
        if (meant !== null && !isRight) missed.push(told);
        if (top) count(tenths[Math.min(9, Math.floor(top.score * 10))], isRight);
        if (top && !isRight && top.score >= 0.9) sureAndWrong.push(told);
      }
    }
    report(present, sureAndWrong.length / QUESTIONS, tenths, missed);
    expect(present.right / present.asked, missed.slice(0, 10).join('\n')).toBeGreaterThanOrEqual(0.97);
    expect(sureAndWrong.length / QUESTIONS, sureAndWrong.join('\n')).toBeLessThan(0.005);
    // A score of 0.9 and more means what it says.
    expect(tenths[9].right / tenths[9].asked).toBeGreaterThan(0.99);
  }, 900_000);
});

function count(tally: Tally, isRight: boolean): void {
  tally.asked += 1;
  if (isRight) tally.right += 1;
}

function report(present: Tally, sure: number, tenths: readonly Tally[], missed: readonly string[]): void {
  if (!process.env.QUESTIONS) return;
  const share = ({ asked, right }: Tally) => `${right} of ${asked}`;
  process.stdout.write(`top-1 right: ${share(present)} (${((100 * present.right) / present.asked).toFixed(2)} %)\n`);
  process.stdout.write(`wrong with a score of 0.9 and more: ${(100 * sure).toFixed(3)} %\n`);
  tenths.forEach((tally, i) => {
    process.stdout.write(`score ${i / 10} to ${(i + 1) / 10}: right ${share(tally)}\n`);
  });
  process.stdout.write(`${missed.slice(0, 60).join('\n')}\n`);
}
