import * as fc from 'fast-check';
import type { Database } from '../../src/adapters/postgres/database.ts';
import type { RawMail } from '../../src/domain/mail.ts';
import { emptyTables, liveProblems } from './problems.ts';
import type { Workbench } from './workbench.ts';

/** How the same mails come: in which order, which of them again, in batches of which size. */
export interface Arrangement {
  readonly order: readonly number[];
  readonly again: readonly number[];
  readonly batchSize: number;
  /** Whether tickets are examined and shown in between. */
  readonly works: boolean;
}

export function arrangement(mails: number): fc.Arbitrary<Arrangement> {
  const indices = Array.from({ length: mails }, (_, n) => n);
  return fc.record({
    order: fc.shuffledSubarray(indices, { minLength: mails }),
    again: fc.subarray(indices),
    batchSize: fc.integer({ min: 1, max: 12 }),
    works: fc.boolean(),
  });
}

/** Brings mails in so, from an empty database. Returns the live problems that come out. */
export async function replay(
  bench: Workbench,
  database: Database,
  mails: readonly RawMail[],
  { order, again, batchSize, works }: Arrangement,
): Promise<readonly string[]> {
  await emptyTables(database);
  bench.jobs.length = 0;
  const sequence = [...order, ...again].flatMap((index) => mails[index] ?? []);
  for (let from = 0; from < sequence.length; from += batchSize) {
    await bench.receive(...sequence.slice(from, from + batchSize));
    if (works) {
      bench.pass(1000);
      await bench.work();
    }
  }
  return liveProblems(database);
}
