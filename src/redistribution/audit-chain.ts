import type { AuditEntry } from '../domain/store/events.ts';
import { digest } from './digest.ts';

/** What was audited on one day, by UTC. */
export interface AuditDay {
  /** `2026-11-20` */
  readonly day: string;
  /** A JSON object for each entry. */
  readonly lines: readonly string[];
  /** `sha256:HEX` over the day before's digest and the lines: whoever changes a past entry changes each digest since. */
  readonly digest: string;
}

/** Returns the days on which anything was audited, each chained to the one before. The entries are in the order of writing. */
export function chainDays(entries: readonly AuditEntry[]): readonly AuditDay[] {
  const byDay = new Map<string, string[]>();
  for (const entry of entries) {
    const day = entry.at.toISOString().slice(0, 10);
    const lines = byDay.get(day) ?? [];
    byDay.set(day, lines);
    lines.push(writeEntry(entry));
  }
  let before = '';
  return [...byDay]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, lines]) => {
      before = digest([before, day, ...lines].join('\n'));
      return { day, lines, digest: before };
    });
}

function writeEntry({ at, who, what, about, detail }: AuditEntry): string {
  return JSON.stringify({ at: at.toISOString(), who, what, about, ...(detail ? { detail } : {}) });
}
