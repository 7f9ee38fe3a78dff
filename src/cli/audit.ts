import { appendFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { AuditVerifier, Verdict } from '../audit/auditVerifier.ts';
import type { HeadKeeper } from '../audit/head/headKeeper.ts';

/** The part of the house that these commands use. */
export interface AuditHouse {
  readonly audit: { readonly heads: Pick<HeadKeeper, 'sign'>; readonly verifier: Pick<AuditVerifier, 'verify'> };
}

type WithHouse = (work: (house: AuditHouse) => Promise<unknown>) => Promise<void>;

/** Adds `wangge audit …`. `withApp` opens the house, and takes a number as the exit code. */
export function addAuditCommand(program: Command, withApp: WithHouse): void {
  const audit = program.command('audit').description('the chain of who did what: is it whole?');
  audit
    .command('verify')
    .description('find any edit, deletion, swap, insertion or truncation; exits with 1 and a line for each')
    .option('--head <file>', 'compare with the signed heads in this file (default AUDIT_HEAD_FILE)')
    .action(({ head }: { head?: string }) => withApp((house) => verifyAudit(house, head)));
  audit
    .command('head')
    .description('print the signed head of the chain as it is now, to be kept elsewhere')
    .option('--out <file>', 'add it to this file instead')
    .action(({ out }: { out?: string }) => withApp((house) => printHead(house, out)));
}

/** Prints what is wrong with the audit, a line for each fault, and a summary. Gives the exit code. */
export async function verifyAudit(
  { audit }: AuditHouse,
  file: string | undefined,
  out: NodeJS.WritableStream = process.stdout,
): Promise<number> {
  const verdict = await audit.verifier.verify(file);
  for (const { kind, message } of verdict.faults) out.write(`${kind}: ${message}\n`);
  out.write(`${summary(verdict)}\n`);
  return verdict.faultCount > 0 ? 1 : 0;
}

function summary({ entries, last, faults, faultCount, heads, file }: Verdict): string {
  const found = faultCount === 0 ? 'no fault' : faultCount === 1 ? '1 fault' : `${faultCount} faults`;
  const unnamed = faultCount > faults.length ? ` (the first ${faults.length} are named)` : '';
  const compared =
    file === undefined
      ? 'compared with no signed head, without which a chain that was cut off or rewritten as a whole may look good: give --head or AUDIT_HEAD_FILE'
      : `compared with ${heads} signed ${heads === 1 ? 'head' : 'heads'} of ${file}`;
  return `${entries} entries, ${found}${unnamed}; head ${last.seq} ${last.hash}; ${compared}.`;
}

/** Prints the signed head, or adds it to a file. */
export async function printHead({ audit }: AuditHouse, file: string | undefined): Promise<void> {
  const line = `${await audit.heads.sign()}\n`;
  if (file === undefined) process.stdout.write(line);
  else await appendFile(file, line, { mode: 0o600 });
}
