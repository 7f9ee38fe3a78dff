/** A growing Int32Array. Read and write `data` directly after `reserve`; `reserve` may replace it. */
export class Words {
  data: Int32Array;
  length = 0;

  constructor(capacity: number) {
    this.data = new Int32Array(capacity);
  }

  /** Makes room for `count` more numbers and returns where they start. The caller writes them and they stay zero else. */
  take(count: number): number {
    const start = this.length;
    const end = start + count;
    if (end > this.data.length) {
      const larger = new Int32Array(Math.max(end, Math.ceil(this.data.length * 1.6)));
      larger.set(this.data.subarray(0, start));
      this.data = larger;
    }
    this.length = end;
    return start;
  }
}
