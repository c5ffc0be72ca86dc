/** Tells listeners what happened, in the order in which they came. */
export class Signal<T> {
  readonly #listeners = new Set<(event: T) => void>();

  /** Returns the function that stops listening. */
  listen(listener: (event: T) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  emit(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }
}
