import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Figures of one process for Prometheus. Labels are few and fixed: nothing of who asked or what was asked. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #operations: Counter<'outcome'>;
  readonly #seconds: Histogram;
  readonly #refusals: Counter<'code'>;
  readonly #refusedSignIns: Counter<'cause'>;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#operations = new Counter({
      name: 'wangge_operations_total',
      help: 'Queries and mutations that were executed, by outcome: ok, or the code of the first error.',
      labelNames: ['outcome'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'wangge_operation_seconds',
      help: 'From the admission of a query or mutation to its answer.',
      buckets: SECONDS,
      registers,
    });
    this.#refusals = new Counter({
      name: 'wangge_refusals_total',
      help: 'Questions that were refused before anything was executed, by code.',
      labelNames: ['code'],
      registers,
    });
    this.#refusedSignIns = new Counter({
      name: 'wangge_refused_sign_ins_total',
      help: 'Tokens and keys that were refused, by cause.',
      labelNames: ['cause'],
      registers,
    });
  }

  readonly answered = (outcome: string, seconds: number): void => {
    this.#operations.inc({ outcome });
    this.#seconds.observe(seconds);
  };

  readonly refused = (code: string): void => {
    this.#refusals.inc({ code });
  };

  readonly signInRefused = (cause: string): void => {
    this.#refusedSignIns.inc({ cause });
  };

  /** Adds a figure that is read when the figures are asked for. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** The figures in the text format of Prometheus, and its media type. */
  async read(): Promise<{ text: string; type: string }> {
    return { text: await this.#registry.metrics(), type: this.#registry.contentType };
  }
}
