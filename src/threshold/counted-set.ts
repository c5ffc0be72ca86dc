/** A set that holds each item as often as it was added: what a sliding window names. */
export class CountedSet<Item> {
  readonly #counts = new Map<Item, number>();

  /** Returns how often the set holds the item now. */
  add(item: Item): number {
    const count = (this.#counts.get(item) ?? 0) + 1;
    this.#counts.set(item, count);
    return count;
  }

  /** Takes one of an item that the set holds. Returns how often it holds it now. */
  remove(item: Item): number {
    const count = (this.#counts.get(item) ?? 1) - 1;
    if (count === 0) this.#counts.delete(item);
    else this.#counts.set(item, count);
    return count;
  }

  /** How many different items it holds. */
  get size(): number {
    return this.#counts.size;
  }

  /** Returns each item with how often the set holds it. */
  entries(): IterableIterator<[Item, number]> {
    return this.#counts.entries();
  }
}
