import type { FileEntry, SFTPWrapper } from 'ssh2';
import { RestageError } from '../../domain/errors.ts';
import type { LogQuery, LogSlice } from '../../domain/log-source.ts';
import type { Period } from '../../domain/redistribution.ts';
import type { ServerProfile } from '../../domain/server.ts';
import { matchesGlob } from '../../domain/glob.ts';

const fileLimitBytes = 64 * 1024 * 1024;
const rangeBytes = 64 * 1024;
const dayMs = 86_400_000;
/** Status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, 7). */
const statusNoSuchFile = 2;
const statusPermissionDenied = 3;

/** Reads the files of a log whose date can hold runs of the period (B7); others are not even opened. */
export async function readLogFiles(
  sftp: SFTPWrapper,
  server: ServerProfile,
  { path, period }: LogQuery,
): Promise<readonly LogSlice[]> {
  const cut = path.lastIndexOf('/');
  const [directory, glob] = [path.slice(0, cut) || '/', path.slice(cut + 1)];
  const entries = await listDirectory(sftp, server, directory);
  const slices: LogSlice[] = [];
  for (const { filename, attrs } of entries.toSorted((a, b) => (a.filename < b.filename ? -1 : 1))) {
    if (!matchesGlob(filename, glob) || !isOfPeriod(filename, period)) continue;
    const file = `${directory === '/' ? '' : directory}/${filename}`;
    const bytes = await readWhole(sftp, server, file);
    slices.push({ path: file, bytes, offset: 0, firstLine: 1, modifiedAt: new Date(attrs.mtime * 1000) });
  }
  return slices;
}

/** A file is named by the UTC date of its runs' starts; a day more on both sides for runs that cross midnight. */
function isOfPeriod(name: string, period: Period): boolean {
  const date = /\d{4}-\d\d-\d\d/.exec(name)?.[0];
  if (date === undefined) return true;
  return date >= dateOf(period.from.getTime() - dayMs) && date <= dateOf(period.until.getTime() + dayMs);
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function listDirectory(
  sftp: SFTPWrapper,
  server: ServerProfile,
  directory: string,
): Promise<readonly FileEntry[]> {
  return new Promise((resolve, reject) => {
    sftp.readdir(directory, (error, entries) => {
      if (error) reject(explain(error, server, directory));
      else resolve(entries);
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
    const message = `${server.name} has no ${path}. Check its logs in the config, and that the server’s jobs are recorded there.`;
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
