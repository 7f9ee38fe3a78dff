import { it } from 'vitest';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { makeAddressBook } from './generator/addressBook.ts';
import { distortedQuestions } from './generator/distort.ts';
import { draftsOf, openAddresses, publishBook } from './openAddresses.ts';
it('try', async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  const house = openAddresses(db);
  const book = makeAddressBook(Number(process.env.BOOK ?? 5000));
  let t = performance.now();
  await publishBook(house, draftsOf(book));
  console.log('publish', performance.now() - t);
  const moment = { asOf: Date.parse('2026-06-01'), edition: 1 };
  const qs = [...distortedQuestions(book, Number(process.env.ASK ?? 1000))];
  const lat: number[] = []; let right = 0, wrongSure = 0, present = 0; const bins = new Map<number, [number, number]>();
  const bad: string[] = []; let notIn = 0;
  for (const q of qs) {
    t = performance.now();
    const m = await house.finder.search(q.text, null, moment);
    lat.push(performance.now() - t);
    const top = m[0];
    const ok = top?.address.id === q.meant;
    if (q.meant) { present++; if (ok) right++; }
    if (top && !ok && top.score >= .9) wrongSure++;
    if (top) { const b = Math.floor(top.score * 10); const x = bins.get(b) ?? [0, 0]; x[0]++; if (ok) x[1]++; bins.set(b, x); }
    if ((q.meant && !ok) || (!ok && top && top.score >= .9)) {
      const there = m.findIndex((x) => x.address.id === q.meant);
      if (q.meant && there < 0) notIn++;
      bad.push(`${q.text} [${q.how}] meant ${q.meant && draftsOf({ entries: book.entries.filter((e) => e.id === q.meant), names: new Set() })[0].text} top ${top?.address.text} ${top?.score.toFixed(3)} there ${there}`);
    }
  }
  lat.sort((a, b) => a - b);
  console.log({ present, right, pc: right / present, wrongSure: wrongSure / qs.length, notIn, p50: lat[lat.length >> 1], p99: lat[Math.floor(lat.length * .99)] });
  console.log([...bins].sort((a, b) => a[0] - b[0]).map(([b, [n, k]]) => `${b / 10}: ${n} ${(k / n).toFixed(2)}`).join('\n'));
  console.log(bad.slice(0, 40).join('\n'));
}, 600000);
