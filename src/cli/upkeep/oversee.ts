import type { Command } from 'commander';
import type { DueWork } from '../../incidents/oversight/dueWork.service.ts';

/** The part of the house that this command uses. */
export interface OverseeHouse {
  readonly dueWork: Pick<DueWork, 'run'>;
}

type WithHouse = (work: (house: OverseeHouse) => Promise<unknown>) => Promise<void>;

/** Adds `wangge oversee`. `withApp` opens the house, and takes a number as the exit code. */
export function addOverseeCommand(program: Command, withApp: WithHouse): void {
  program
    .command('oversee')
    .description('tell the supervisors of late tasks now, as a server does by itself; exits with 1 where one failed')
    .action(() => withApp((house) => oversee(house)));
}

/** Does what is due, and prints what was done. Gives the exit code. */
export async function oversee({ dueWork }: OverseeHouse, out: NodeJS.WritableStream = process.stdout): Promise<number> {
  const { overdue, climbed, failed } = await dueWork.run();
  const troubled = failed > 0 ? ` ${failed} failed; the log says why, and they are tried again.` : '';
  out.write(`Late tasks told: ${overdue}. Incidents that climbed for it: ${climbed}.${troubled}\n`);
  return failed > 0 ? 1 : 0;
}
