import { DomainError } from '../../errors.ts';

/** What the work gives; throws TIMED_OUT where it takes longer. The work itself goes on unseen. */
export function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const message = `The operation took longer than ${limitMs} ms and was given up; ask for less at a time.`;
      reject(new DomainError('TIMED_OUT', message, { limitMs }));
    }, limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
