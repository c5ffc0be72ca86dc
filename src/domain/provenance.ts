import type { Provenance } from './redistribution.ts';

/** `FILE:LINE`, or `FILE at byte N` where the line's number is not known. */
export function describePlace({ file, line, offset }: Pick<Provenance, 'file' | 'line' | 'offset'>): string {
  return line === null ? `${file} at byte ${offset}` : `${file}:${line}`;
}
