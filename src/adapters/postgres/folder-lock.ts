import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { RestageError } from '../../domain/errors.ts';

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same pid. */
  readonly startedAt: string;
  readonly host: string;
}

/** What root writes there its owner could not read any more. */
async function refuseForeign(folder: string): Promise<void> {
  const { uid } = await stat(folder);
  if (process.getuid?.() !== 0 || uid === 0) return;
  throw new RestageError(
    'data-folder-locked',
    `The data folder ${folder} belongs to the user with the id ${uid}: run this as that user, for instance with sudo -u '#${uid}'.`,
  );
}

/**
 * Locks a data folder for this process. PGlite itself lets a second process in, which can destroy the
 * data. The lock of a process that died is taken over.
 * @throws RestageError `data-folder-locked`, naming the holder, or the owner where it is somebody else's.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  await refuseForeign(folder);
  const file = path.join(folder, 'restage.lock');
  const own = JSON.stringify({
    pid: process.pid,
    startedAt: await startTimeOf(process.pid),
    host: hostname(),
  });
  const draft = path.join(folder, `restage.lock.${randomUUID()}`);
  await writeFile(draft, own, { mode: 0o600 });
  try {
    if (!(await tryLink(draft, file))) {
      await removeStale(file);
      if (!(await tryLink(draft, file))) throw locked(folder, await readHolder(file));
    }
  } finally {
    await rm(draft, { force: true });
  }
  return {
    release: async () => {
      if ((await readFile(file, 'utf8').catch(() => '')) === own) await rm(file, { force: true });
    },
  };
}

/** `link` is atomic and fails where the name exists: only one process gets the lock. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moves a dead holder's lock away; what was moved is looked at again, since another bot may have been faster. */
async function removeStale(file: string): Promise<void> {
  const holder = await readHolder(file);
  if (holder === null) return;
  if (await isAlive(holder)) throw locked(path.dirname(file), holder);
  const moved = `${file}.${randomUUID()}`;
  await rename(file, moved).catch(() => {});
  const taken = await readHolder(moved);
  if (taken !== null && (await isAlive(taken))) await tryLink(moved, file);
  await rm(moved, { force: true });
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    return { pid: 0, startedAt: '', host: hostname() };
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  // Another host's processes can't be seen from here: believe that it lives.
  if (holder.host !== hostname()) return true;
  return holder.pid > 0 && (await startTimeOf(holder.pid)) === holder.startedAt;
}

/** Field 22 of proc(5) stat, in clock ticks since boot; empty when there is no such process. */
async function startTimeOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field, the program's name, may hold blanks and brackets.
  return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function locked(folder: string, holder: Holder | null): RestageError {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
  return new RestageError(
    'data-folder-locked',
    `${folder} is in use by ${who}. Stop that one first, or give this one another data folder. ` +
      `If nothing is running there, remove ${path.join(folder, 'restage.lock')}.`,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
