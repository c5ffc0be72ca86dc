import type { JobRecord } from '../domain/redistribution.ts';
import { keyOf } from './key-of.ts';

/**
 * Returns a function that finds the original of a record: attempt 1 of its job, the last one begun before it (B9). A record
 * whose attempt 1 is not among the records is its own original.
 */
export function findOriginals(records: readonly JobRecord[]): (record: JobRecord) => JobRecord {
  const originals = new Map<JobRecord, JobRecord>();
  const first = new Map<string, JobRecord>();
  const inOrder = records.toSorted((a, b) => +a.startedAt - +b.startedAt || a.attempt - b.attempt);
  for (const record of inOrder) {
    const key = keyOf(record.server, record.job);
    if (record.attempt === 1) first.set(key, record);
    originals.set(record, first.get(key) ?? record);
  }
  return (record) => originals.get(record) ?? record;
}
