import { DomainError } from '../../errors.ts';

const LENGTH = { least: 8, most: 200 } as const;

/** The text by which a caller makes a retry known as one, if any was given. `field` is where. Throws BAD_INPUT. */
export function readClientKey(field: string, clientKey: string | null | undefined): string | undefined {
  if (clientKey == null) return undefined;
  const { least, most } = LENGTH;
  if (clientKey.length >= least && clientKey.length <= most) return clientKey;
  const message = `${field}: give ${least} to ${most} characters of your own, such as a UUID; the same for a retry only.`;
  throw new DomainError('BAD_INPUT', message, { field });
}
