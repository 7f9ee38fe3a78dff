import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';

// More than a year of them, in less than 100 kB.
const MOST_LINES = 400;

/**
 * A file of signed heads, one a line, oldest first. The newest alone proves the chain up to it; the last of each day
 * before it says since when a rewritten chain is wrong. Processes of one machine may share it.
 */
export class HeadFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The lines; none when there is no such file. */
  async read(): Promise<string[]> {
    try {
      const text = await readFile(this.path, 'utf8');
      return text.split('\n').filter((line) => line.trim() !== '');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /**
   * Lets `work` make new lines out of those there are; undefined leaves the file as it is. One process at a time, and a
   * reader finds either all the old lines or all the new ones.
   */
  async update(work: (lines: readonly string[]) => Promise<readonly string[] | undefined>): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const release = await lock(this.path, {
      realpath: false,
      retries: { retries: 20, minTimeout: 20, maxTimeout: 200 },
    });
    try {
      const lines = await work(await this.read());
      if (lines) await this.#write(lines.slice(-MOST_LINES));
    } finally {
      await release();
    }
  }

  async #write(lines: readonly string[]): Promise<void> {
    const fresh = `${this.path}.new`;
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(`${lines.join('\n')}\n`);
      // Without it a power cut may leave the new name with nothing in it.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, this.path);
  }
}
