import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apiText } from './apiText.ts';
import { databaseText } from './databaseText.ts';

/**
 * `npm run schema` writes api.graphql and, where DATABASE_URL names a PostgreSQL 15, database.sql.
 * With `--check` it writes nothing and fails when a file is stale.
 */
async function main(check: boolean, serverUrl: string | undefined): Promise<void> {
  const texts = new Map([['api.graphql', apiText()]]);
  if (serverUrl) texts.set('database.sql', await databaseText(serverUrl));
  else process.stdout.write('database.sql is left as it is: set DATABASE_URL to a PostgreSQL 15 to renew it.\n');
  for (const [name, text] of texts) {
    const path = fileURLToPath(new URL(name, import.meta.url));
    if (text === readIfThere(path)) process.stdout.write(`schema/${name} is fresh.\n`);
    else if (check) {
      process.stderr.write(`schema/${name} is stale: run \`npm run schema\` and commit it.\n`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, text);
      process.stdout.write(`schema/${name} is renewed.\n`);
    }
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

await main(process.argv.includes('--check'), process.env.DATABASE_URL);
