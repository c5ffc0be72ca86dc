import { RestageError } from '../../../domain/errors.ts';
import type { LogQuery, LogSlice } from '../../../domain/log-source.ts';
import type { ServerProfile } from '../../../domain/server.ts';
import {
  isLink,
  isRegular,
  noSuchFile,
  permissionDenied,
  type RemoteFile,
  type RemoteFiles,
  statusOf,
} from './remote-files.ts';
import { chooseFiles, findLogFiles, isRotated, type Listed, type LogFile } from './choose-files.ts';
import { type ByteSource, findRange } from './find-range.ts';
import { TooLarge, unpack } from './unpack.ts';

const megabyte = 1024 * 1024;
/** More is more than anybody can look at, and than the bot has memory for. */
const packedLimitBytes = 64 * megabyte;
const sliceLimitBytes = 256 * megabyte;
/** Up to this size a file is fetched whole: it costs less than searching it, and tells the lines' numbers. */
const wholeBytes = megabyte;
const tries = 3;

/**
 * Reads of a log what stands there of the period (B7): files of other dates are not even opened, large ones not read but for
 * the part that is wanted. What is rotated meanwhile is read again.
 */
export async function readLogFiles(
  remote: RemoteFiles,
  server: ServerProfile,
  query: LogQuery,
): Promise<readonly LogSlice[]> {
  for (let left = tries; left > 0; left--) {
    const before = await listLog(remote, server, query.path);
    const slices = await readChosen(remote, server, query, before);
    if (slices && !isRotated(before, await listLog(remote, server, query.path))) return slices;
  }
  const message = `${query.path} on ${server.name} was rotated each of ${tries} times that it was read. Try again.`;
  throw new RestageError('server-refused', message);
}

/** null: a file has gone since it was listed. */
async function readChosen(
  remote: RemoteFiles,
  server: ServerProfile,
  query: LogQuery,
  files: readonly LogFile[],
): Promise<readonly LogSlice[] | null> {
  const directory = directoryOf(query.path);
  const slices: LogSlice[] = [];
  let room = sliceLimitBytes;
  for (const file of chooseFiles(files, query.period)) {
    const path = `${directory === '/' ? '' : directory}/${file.name}`;
    try {
      const slice = await readSlice(remote, path, file, query, room);
      room -= slice.bytes.length;
      if (slice.bytes.length > 0) slices.push(slice);
    } catch (error) {
      if (statusOf(error) === noSuchFile && !file.isLink) return null;
      throw explain(error, server, path);
    }
  }
  return slices;
}

async function readSlice(
  remote: RemoteFiles,
  path: string,
  { packing }: LogFile,
  query: LogQuery,
  room: number,
): Promise<LogSlice> {
  const file = await remote.open(path);
  try {
    const { modifiedAt } = file;
    const whole = await fetchWhole(file, packing);
    const source = whole ? sourceOf(whole) : file;
    const readTime = (line: string) => query.timeOf(line, modifiedAt);
    const { start, end } = await findRange(source, readTime, query.period);
    if (end - start > room) throw new TooLarge();
    const bytes = await source.read(start, end - start);
    const firstLine = start === 0 ? 1 : whole && 1 + countLines(whole, start);
    return { path, bytes, offset: start, firstLine, modifiedAt };
  } finally {
    file.close();
  }
}

/** The whole file, unpacked; null: it is too large for that, and searched where it is. */
async function fetchWhole(file: RemoteFile, packing: LogFile['packing']): Promise<Uint8Array | null> {
  if (packing === null) return file.size > wholeBytes ? null : file.read(0, file.size);
  if (file.size > packedLimitBytes) throw new TooLarge();
  return unpack(await file.read(0, file.size), packing, sliceLimitBytes);
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

function countLines(bytes: Uint8Array, until: number): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < until; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

async function listLog(
  remote: RemoteFiles,
  server: ServerProfile,
  path: string,
): Promise<readonly LogFile[]> {
  const directory = directoryOf(path);
  const entries = await remote.list(directory).catch((error: unknown) => {
    throw explain(error, server, directory);
  });
  const files = entries.filter((entry) => isRegular(entry) || isLink(entry));
  return findLogFiles(files.map(toListed), path.slice(path.lastIndexOf('/') + 1));
}

function toListed(entry: Awaited<ReturnType<RemoteFiles['list']>>[number]): Listed {
  const { name, size, mtime } = entry;
  return { name, size, modifiedAt: new Date(mtime * 1000), isLink: isLink(entry) };
}

function explain(error: unknown, server: ServerProfile, path: string): RestageError {
  if (error instanceof RestageError) return error;
  const code = statusOf(error);
  if (error instanceof TooLarge) {
    const message = `${path} on ${server.name} has too much of this period (more than ${sliceLimitBytes / megabyte} MB, or ${packedLimitBytes / megabyte} MB packed). Ask for a shorter period.`;
    return new RestageError('server-refused', message);
  }
  if (code === noSuchFile) {
    const message = `${server.name} has no ${path}. Check its logs in the config, and that the server’s jobs are recorded there.`;
    return new RestageError('server-logs-missing', message, { cause: error });
  }
  if (code === permissionDenied) {
    const message = `${server.user} may not read ${path} on ${server.name}. Give its group permission to read.`;
    return new RestageError('server-logs-missing', message, { cause: error });
  }
  const words = error instanceof Error ? error.message : String(error);
  return new RestageError('server-refused', `${path} on ${server.name} cannot be read: ${words}.`, {
    cause: error,
  });
}
