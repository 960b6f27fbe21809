/**
 * What the model remembers of the open sequences: keys and values of every layer, and the pointer's keys.
 *
 * Each sequence owns a slot of `reach` rows, one per token. A row of keys ends with a mask, 0 where a token is and
 * −1e9 where none is yet: a query that ends with 1 adds it to its score by the product that is computed anyway.
 */
import type { ModelConfig } from "./transformer";

const NOTHING = -1e9;
const GROWTH = 64;

interface Store {
  readonly width: number;
  readonly masked: boolean;
  data: Float32Array;
}

export class Cache {
  slots = 0;
  /** Rows per slot. */
  reach = 0;
  readonly keys: Store[];
  readonly values: Store[];
  readonly pointerKeys: Store;
  private readonly stores: Store[];
  private spare = new Float32Array();

  constructor(private readonly config: ModelConfig) {
    const store = (width: number, masked: boolean) => ({ width, masked, data: new Float32Array() });
    const layers = Array.from({ length: config.layers });
    this.keys = layers.map(() => store(config.headSize + 1, true));
    this.values = layers.map(() => store(config.headSize, false));
    this.pointerKeys = store(config.pointer + 1, true);
    this.stores = [...this.keys, ...this.values, this.pointerKeys];
  }

  /** Heads of a store: the pointer has one. */
  private heads(store: Store): number {
    return store === this.pointerKeys ? 1 : this.config.keyHeads;
  }

  /** Floats per slot. */
  size(store: Store): number {
    return this.heads(store) * this.reach * store.width;
  }

  /** Makes room for `slots` slots of `reach` rows, keeping what is there. Memory is kept for later, not given back. */
  reserve(slots: number, reach: number): void {
    if (slots <= this.slots && reach <= this.reach) return;
    const rows = Math.max(this.reach, Math.min(this.config.context, Math.ceil(reach / GROWTH) * GROWTH));
    for (const store of this.stores) {
      const { width } = store;
      const heads = this.heads(store);
      const needed = slots * heads * rows * width;
      if (needed > store.data.length) {
        const grown = new Float32Array(Math.max(needed, 2 * store.data.length));
        grown.set(store.data.subarray(0, this.slots * this.size(store)));
        store.data = grown;
      }
      for (let head = this.slots * heads - 1; head >= 0; head--) {
        const [from, to] = [head * this.reach * width, head * rows * width];
        store.data.copyWithin(to, from, from + this.reach * width);
        this.blank(store, to, this.reach, rows);
      }
    }
    this.slots = Math.max(slots, this.slots);
    this.reach = rows;
  }

  private blank({ data, width, masked }: Store, start: number, from: number, to: number): void {
    data.fill(0, start + from * width, start + to * width);
    if (masked) for (let row = from; row < to; row++) data[start + (row + 1) * width - 1] = NOTHING;
  }

  /** Lets slot `to` begin with the first `rows` rows of slot `from`; without `from` it is empty. */
  begin(to: number, from = to, rows = 0): void {
    for (const store of this.stores) {
      const { width, data } = store;
      const heads = this.heads(store);
      for (let head = 0; head < heads; head++) {
        const target = (to * heads + head) * this.reach * width;
        const source = (from * heads + head) * this.reach * width;
        if (to !== from) data.copyWithin(target, source, source + rows * width);
        this.blank(store, target, rows, this.reach);
      }
    }
  }

  /** Puts rows of `fresh` [sequences, heads, count, width] behind the first `row` rows of a slot. */
  write(store: Store, slot: number, row: number, fresh: Float32Array, sequence: number, count: number): void {
    const { data, width, masked } = store;
    const heads = this.heads(store);
    const given = masked ? width - 1 : width;
    for (let head = 0; head < heads; head++) {
      let to = ((slot * heads + head) * this.reach + row) * width;
      let from = (sequence * heads + head) * count * given;
      for (let i = 0; i < count; i++, to += width, from += given) {
        for (let j = 0; j < given; j++) data[to + j] = fresh[from + j];
        if (masked) data[to + given] = 0;
      }
    }
  }

  swap(a: number, b: number): void {
    for (const store of this.stores) {
      const size = this.size(store);
      if (this.spare.length < size) this.spare = new Float32Array(size);
      this.spare.set(store.data.subarray(a * size, (a + 1) * size));
      store.data.copyWithin(a * size, b * size, (b + 1) * size);
      store.data.set(this.spare.subarray(0, size), b * size);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.slots = this.reach = 0;
  }
}
