/** What is to be released, last first. */
export interface Disposer {
  add(release: () => Promise<unknown>): void;
  /** Releases everything; a release that fails holds up none of the others. */
  dispose(): Promise<void>;
}

export function createDisposer(): Disposer {
  const releases: (() => Promise<unknown>)[] = [];
  return {
    add: (release) => void releases.push(release),
    async dispose() {
      for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
        await release().catch((error: unknown) => {
          process.stderr.write(`chaos: cleaning up: ${String(error)}\n`);
        });
      }
    },
  };
}
