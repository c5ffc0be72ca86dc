import type { LogSlice } from '../../src/domain/log-source.ts';

/** A log file that was read from its first byte to its last. */
export function wholeLog(
  content: string | Uint8Array,
  path = 'day.jsonl',
  modifiedAt = new Date('2026-11-23T12:00:00Z'),
): LogSlice {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { path, bytes, offset: 0, firstLine: 1, modifiedAt };
}
