function tableFor(count: number): Int32Array {
  return new Int32Array(2 ** Math.max(4, Math.ceil(Math.log2(count * 2 + 1)))).fill(-1);
}

function slotOf(a: number, b: number, mask: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & mask;
}

/** Numbers pairs of integers: equal pairs get equal numbers, in order of first sight. Grows beyond its first capacity. */
export class PairNumbers {
  /** Number → its pair; longer than `count`. Another array after growing: read it anew. */
  a: Int32Array;
  b: Int32Array;
  count = 0;
  private table: Int32Array;

  constructor(capacity: number) {
    this.a = new Int32Array(capacity);
    this.b = new Int32Array(capacity);
    this.table = tableFor(capacity);
  }

  numberOf(a: number, b: number): number {
    const slot = this.slotFor(a, b);
    const known = this.table[slot];
    if (known !== -1) return known;
    if (this.count === this.a.length) {
      this.grow();
      return this.numberOf(a, b);
    }
    this.table[slot] = this.count;
    this.a[this.count] = a;
    this.b[this.count] = b;
    return this.count++;
  }

  /** The number of a pair seen before; -1 for any other. */
  find(a: number, b: number): number {
    return this.table[this.slotFor(a, b)];
  }

  /** Where a pair stands in the table, or the free place where it would. */
  private slotFor(a: number, b: number): number {
    const mask = this.table.length - 1;
    let slot = slotOf(a, b, mask);
    for (let known = this.table[slot]; known !== -1; known = this.table[slot]) {
      if (this.a[known] === a && this.b[known] === b) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const [a, b] = [this.a, this.b];
    const capacity = Math.max(16, this.count * 2);
    this.a = new Int32Array(capacity);
    this.b = new Int32Array(capacity);
    this.a.set(a);
    this.b.set(b);
    this.table = tableFor(capacity);
    for (let number = 0; number < this.count; number++) this.table[this.slotFor(a[number], b[number])] = number;
  }
}
