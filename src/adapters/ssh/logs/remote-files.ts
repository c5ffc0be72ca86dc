import type { ByteSource } from './find-range.ts';

/** What a server says of a file; `mode` with its type, as POSIX has it. Times are seconds since 1970. */
export interface FileFacts {
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
}

/** A file that is open on the server. */
export interface RemoteFile extends ByteSource {
  readonly modifiedAt: Date;
  close(): void;
}

/** Reads a server's files, by SFTP or by commands. Rejects with an error whose `code` is one of these. */
export interface RemoteFiles {
  /** What a name leads to. */
  stat(path: string): Promise<FileFacts>;
  /** The names in a folder with what they are themselves; perhaps `.` and `..` too. */
  list(folder: string): Promise<readonly (FileFacts & { readonly name: string })[]>;
  open(path: string): Promise<RemoteFile>;
}

/** Status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, 7). */
export const noSuchFile = 2;
export const permissionDenied = 3;

/** Returns the SFTP status of an error; `null` if it has none. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
}

const typeBits = 0o170_000;

export function isFolder({ mode }: Pick<FileFacts, 'mode'>): boolean {
  return (mode & typeBits) === 0o040_000;
}

export function isRegular({ mode }: Pick<FileFacts, 'mode'>): boolean {
  return (mode & typeBits) === 0o100_000;
}

export function isLink({ mode }: Pick<FileFacts, 'mode'>): boolean {
  return (mode & typeBits) === 0o120_000;
}
