import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is read when the figures are asked for. */
export interface Gauges {
  readonly edition: () => number;
  readonly secondsSinceFollowed: () => number;
  readonly sockets: () => number;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Figures of one process for Prometheus. Labels are few and fixed: nothing of who asked or what was asked. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #operations: Counter<'door' | 'outcome'>;
  readonly #seconds: Histogram<'door'>;
  readonly #refusedSignIns: Counter<'cause'>;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#operations = new Counter({
      name: 'wangge_operations_total',
      help: 'GraphQL operations that were answered, by door (http, websocket, sse) and outcome: ok, or the code of the first error.',
      labelNames: ['door', 'outcome'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'wangge_operation_seconds',
      help: 'From the admission of an operation to its answer; a subscription counts until it is opened.',
      labelNames: ['door'],
      buckets: SECONDS,
      registers,
    });
    this.#refusedSignIns = new Counter({
      name: 'wangge_refused_sign_ins_total',
      help: 'Tokens and keys that were refused, by cause.',
      labelNames: ['cause'],
      registers,
    });
  }

  signInRefused(cause: string): void {
    this.#refusedSignIns.inc({ cause });
  }

  /** One operation was answered; `outcome` is `ok` or one of the codes of errors.ts. */
  answered(door: string, outcome: string, seconds: number): void {
    this.#operations.inc({ door, outcome });
    this.#seconds.observe({ door }, seconds);
  }

  /** Adds what is read on demand; once in a process. */
  watch({ edition, secondsSinceFollowed, sockets }: Gauges): void {
    this.#gauge('wangge_edition', 'Number of the newest edition that is shown.', edition);
    this.#gauge('wangge_followed_seconds', 'Seconds since the log of editions was last read.', secondsSinceFollowed);
    this.#gauge('wangge_open_sockets', 'WebSockets and event streams that are open.', sockets);
  }

  /** The figures in the text format of Prometheus, and its media type. */
  async read(): Promise<{ text: string; type: string }> {
    return { text: await this.#registry.metrics(), type: this.#registry.contentType };
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
