import type { SFTPWrapper } from 'ssh2';
import { RestageError } from '../../domain/errors.ts';
import type { Period } from '../../domain/redistribution.ts';
import type { LogFile, ServerProfile } from '../../domain/server.ts';

const fileLimitBytes = 64 * 1024 * 1024;
const rangeBytes = 64 * 1024;
const dayMs = 86_400_000;
/** Status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, 7). */
const statusNoSuchFile = 2;
const statusPermissionDenied = 3;

/** Reads the recorder's files whose date can hold runs of the period (B7); others are not even opened. */
export async function readLogFiles(
  sftp: SFTPWrapper,
  server: ServerProfile,
  period: Period,
): Promise<readonly LogFile[]> {
  const names = await listDirectory(sftp, server);
  const files: LogFile[] = [];
  for (const name of names.filter((entry) => isOfPeriod(entry, period)).toSorted()) {
    const path = `${server.logDirectory.replace(/\/$/, '')}/${name}`;
    files.push({ path, bytes: await readWhole(sftp, server, path) });
  }
  return files;
}

/** A file is named by the UTC date of its runs' starts; a day more on both sides for runs that cross midnight. */
function isOfPeriod(name: string, period: Period): boolean {
  const date = /^(\d{4}-\d\d-\d\d)\.jsonl$/.exec(name)?.[1];
  if (date === undefined) return false;
  return date >= dateOf(period.from.getTime() - dayMs) && date <= dateOf(period.until.getTime() + dayMs);
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function listDirectory(sftp: SFTPWrapper, server: ServerProfile): Promise<string[]> {
  return new Promise((resolve, reject) => {
    sftp.readdir(server.logDirectory, (error, entries) => {
      if (error) reject(explain(error, server, server.logDirectory));
      else resolve(entries.map(({ filename }) => filename));
    });
  });
}

async function readWhole(sftp: SFTPWrapper, server: ServerProfile, path: string): Promise<Uint8Array> {
  const handle = await new Promise<Buffer>((resolve, reject) => {
    sftp.open(path, 'r', (error, opened) => (error ? reject(explain(error, server, path)) : resolve(opened)));
  });
  try {
    const ranges: Buffer[] = [];
    for (let position = 0; ; ) {
      const range = await readRange(sftp, handle, position).catch((error: Error) => {
        throw explain(error, server, path);
      });
      if (range.length === 0) return Buffer.concat(ranges);
      position += range.length;
      if (position > fileLimitBytes) throw tooLarge(server, path);
      ranges.push(range);
    }
  } finally {
    sftp.close(handle, () => {});
  }
}

function readRange(sftp: SFTPWrapper, handle: Buffer, position: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafe(rangeBytes);
    sftp.read(handle, buffer, 0, rangeBytes, position, (error, count) => {
      if (error) reject(error);
      else resolve(buffer.subarray(0, count));
    });
  });
}

function codeOf(error: Error): number | null {
  return 'code' in error && typeof error.code === 'number' ? error.code : null;
}

function explain(error: Error, server: ServerProfile, path: string): RestageError {
  const code = codeOf(error);
  if (code === statusNoSuchFile) {
    const message = `${server.name} has no ${path}. Check logDirectory, and that the server’s jobs run through restage-record.`;
    return new RestageError('server-logs-missing', message, { cause: error });
  }
  if (code === statusPermissionDenied) {
    const message = `${server.user} may not read ${path} on ${server.name}. Give its group permission to read.`;
    return new RestageError('server-logs-missing', message, { cause: error });
  }
  return new RestageError('server-refused', `${path} on ${server.name} cannot be read: ${error.message}.`, {
    cause: error,
  });
}

function tooLarge(server: ServerProfile, path: string): RestageError {
  const limit = fileLimitBytes / 1024 / 1024;
  const message = `${path} on ${server.name} is larger than ${limit} MB, too large for one day’s log. Look at what writes to it.`;
  return new RestageError('server-refused', message);
}
