import type { DomainError } from '../errors.ts';
import type { Asker } from './guard/callers.ts';
import type { Status } from './pages.ts';
import type { Refusal } from './refusal.ts';

/** Figures as Prometheus reads them, and their media type. */
export interface Figures {
  read(): Promise<{ readonly text: string; readonly type: string }>;
}

/** Is told what happens at the doors. It learns how questions ended, never what was asked. */
export interface Witness {
  readonly figures: Figures;
  /** A query or mutation ended: `ok` or the code of its first error. */
  readonly answered: (outcome: string, seconds: number) => void;
  /** The guard let a question not pass. */
  readonly refused: (error: DomainError | Refusal, asker: Asker) => void;
  /** What may be read at any time; called once. */
  watch(open: { readonly sockets: () => number; readonly status: () => Status }): void;
}
