import { readFile, stat } from 'node:fs/promises';
import { RestageError } from '../../domain/errors.ts';
import type { TextPlace, TextReader } from '../../domain/text-source.ts';
import { spellPlace } from '../../domain/text-source.ts';
import { fetchText } from './fetch-text.ts';

const mebibyte = 1024 * 1024;

interface TextReaderOptions {
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** Texts from files and by HTTP. What is longer than `maxBytes` (64 MiB) or takes longer than `timeoutMs` (30 s) is refused. */
export function createTextReader({
  timeoutMs = 30_000,
  maxBytes = 64 * mebibyte,
}: TextReaderOptions = {}): TextReader {
  return {
    read: (place) =>
      naming(place, () =>
        'file' in place ? readText(place.file, maxBytes) : fetchText(place, { timeoutMs, maxBytes }),
      ),
    stamp: (place) => naming(place, async () => ('file' in place ? stampOf(place.file) : null)),
  };
}

async function readText(file: string, maxBytes: number): Promise<string> {
  const { size } = await stat(file);
  if (size > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
  return readFile(file, 'utf8');
}

async function stampOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file);
  return `${ino}:${size}:${mtimeMs}`;
}

async function naming<T>(place: TextPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = `${spellPlace(place)} can't be read: ${describe(error)}`;
    throw new RestageError('source-unreadable', message, { cause: error });
  }
}

/** `fetch` says only "fetch failed"; why stands in the cause. */
function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'unknown error';
  return 'code' in cause && cause.message === '' ? String(cause.code) : cause.message;
}
