import { type Command, InvalidArgumentError, Option } from 'commander';
import { ROLES, type Role } from '../access/rights.ts';
import { type Config, IN_MEMORY, readConfig } from '../config.ts';
import { DomainError } from '../errors.ts';
import { isUuid } from '../ids.ts';

interface TokenOptions {
  readonly role: Role;
  readonly within: readonly string[];
  readonly subject?: string;
  readonly hours: number;
  readonly staff?: string;
}

const MOST_HOURS = 720;
const MOST_AREAS = 50;

// The public needs no token, and integrators have keys.
const CHOICES = ROLES.filter((role) => role !== 'public' && role !== 'integrator');

function hours(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0.01 && value <= MOST_HOURS) return value;
  throw new InvalidArgumentError(`Give a number of hours from 0.01 to ${MOST_HOURS}.`);
}

function subject(text: string): string {
  if (/^[\w.@:-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError('Give up to 100 letters, digits or . _ @ : - without spaces.');
}

function staff(text: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Give the id of a person of the registry, as a holding shows it.');
}

function area(text: string, given: readonly string[] = []): string[] {
  if (!/^[^\p{C}\s]{1,200}$/u.test(text)) throw new InvalidArgumentError('Give the id or code of a grid, or *.');
  if (given.length >= MOST_AREAS) throw new InvalidArgumentError(`A token holds at most ${MOST_AREAS} grids.`);
  return [...given, text];
}

/** Adds `wangge token`. It never opens the database, so it runs beside the server. */
export function addTokenCommand(program: Command): void {
  program
    .command('token')
    .description('print an access token of the demo issuer; only where LOCAL_ISSUER allows it')
    .addOption(new Option('--role <role>', 'who the token is for').choices(CHOICES).makeOptionMandatory())
    .addOption(
      new Option('--within <grid>', 'id or code of a grid, with all below it; may be repeated; * is everywhere')
        .argParser(area)
        .makeOptionMandatory(),
    )
    .option('--subject <name>', 'name in the audit (default demo-ROLE)', subject)
    .option('--staff <id>', 'the member of staff who signs in: acts for the posts that he or she holds', staff)
    .option('--hours <hours>', 'how long it is good', hours, 8)
    .action((options: TokenOptions) => printToken(options, readConfig(process.env)));
}

async function printToken(options: TokenOptions, config: Config): Promise<void> {
  const { LocalIssuer, takesLocalTokens } = await import('../access/tokens/localIssuer.ts');
  if (!takesLocalTokens(config)) {
    const message =
      'LOCAL_ISSUER: tokens of this command are not taken with these settings. Unset DATABASE_URL for the demo, or set LOCAL_ISSUER=true where NODE_ENV is not production; else sign in at OIDC_ISSUER.';
    throw new DomainError('BAD_CONFIG', message, { name: 'LOCAL_ISSUER' });
  }
  if (config.dataDir === IN_MEMORY) {
    const message = `DATA_DIR: with ${IN_MEMORY} the key stays inside the server's process. Give the server and this command the same folder.`;
    throw new DomainError('BAD_CONFIG', message, { name: 'DATA_DIR' });
  }
  const wish = { ...options, subject: options.subject ?? `demo-${options.role}` };
  process.stdout.write(`${await new LocalIssuer(config.dataDir).issue(wish, new Date())}\n`);
  process.stderr.write(
    `Good for ${options.hours} hours as ${options.role} within ${options.within.join(', ')}. Send it as the header\n  authorization: Bearer TOKEN\nA grid that the registry does not know, or knows twice, grants nothing.\n`,
  );
}
