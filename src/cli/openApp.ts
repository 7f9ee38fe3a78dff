import { userInfo } from 'node:os';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/database.ts';

/**
 * Opens the database that the settings name and builds the house on it. The embedded database starts in a thread of
 * its own, which takes about as long as loading the rest of the code, so both are done at once.
 */
export async function openApp(config: Config, onProgress: (step: string) => void): Promise<App> {
  const code = import('../app.ts');
  const database = await openDatabase(config, { onProgress });
  try {
    const { buildApp } = await code;
    return await buildApp(database, config, { onProgress, operator: `cli:${accountName()}` });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Who runs this, for the audit; in a container the account may have no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
