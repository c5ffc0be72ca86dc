/**
 * As `Promise.all`, but rejects only when all are settled, with what failed first: a transaction is rolled back when nothing
 * of it is under way any more. Statements that do not need each other's answers are sent together so, instead of
 * waiting for each other.
 */
export async function allDone<const Promises extends readonly unknown[]>(
  promises: Promises,
): Promise<{ -readonly [Index in keyof Promises]: Awaited<Promises[Index]> }> {
  const faults: unknown[] = [];
  await Promise.all(
    promises.map((one) => Promise.resolve(one).catch((fault: unknown) => faults.push(fault))),
  );
  if (faults.length > 0) throw faults[0];
  return Promise.all(promises);
}
