/**
 * Returns a function that reads each command once: a command is asked about several times while it is rebuilt, and thousands
 * are rebuilt at once. Commands are told apart by identity.
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
