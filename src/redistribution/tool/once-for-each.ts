/**
 * Returns a function that caches its result for each command: rebuilding reads a command several times, and a proposal
 * rebuilds thousands. The key is the array’s identity.
 */
export function onceForEach<Result>(
  read: (argv: readonly string[]) => Result,
): (argv: readonly string[]) => Result {
  const results = new WeakMap<readonly string[], { readonly result: Result }>();
  return (argv) => {
    const known = results.get(argv);
    if (known) return known.result;
    const result = read(argv);
    results.set(argv, { result });
    return result;
  };
}
