import type { SFTPWrapper, Stats } from 'ssh2';
import type { RemoteFile, RemoteFiles } from '../logs/remote-files.ts';

/** How many requests are under way at a time: a server answers them in order, so that the way there costs once. */
const requestsAtOnce = 64;
/** Every server takes so much in one request (draft-ietf-secsh-filexfer-02, 3). */
const requestBytes = 32 * 1024;

/** Reads files by SFTP. A file that is open stays the same file, whatever becomes of its name. */
export function createSftpFiles(sftp: SFTPWrapper): RemoteFiles {
  return {
    stat: (path) =>
      new Promise((resolve, reject) => {
        sftp.stat(path, (error, stats) => (error ? reject(error) : resolve(stats)));
      }),
    list: (folder) =>
      new Promise((resolve, reject) => {
        sftp.readdir(folder, (error, entries) => {
          if (error) reject(error);
          else resolve(entries.map(({ filename: name, attrs }) => ({ ...attrs, name })));
        });
      }),
    open: (path) => openRemoteFile(sftp, path),
  };
}

async function openRemoteFile(sftp: SFTPWrapper, path: string): Promise<RemoteFile> {
  const handle = await new Promise<Buffer>((resolve, reject) => {
    sftp.open(path, 'r', (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  try {
    const { size, mtime } = await new Promise<Stats>((resolve, reject) => {
      sftp.fstat(handle, (error, found) => (error ? reject(error) : resolve(found)));
    });
    return {
      size,
      modifiedAt: new Date(mtime * 1000),
      read: (offset, length) => readRange(sftp, handle, offset, Math.max(0, Math.min(length, size - offset))),
      close: () => sftp.close(handle, () => {}),
    };
  } catch (error) {
    sftp.close(handle, () => {});
    throw error;
  }
}

async function readRange(
  sftp: SFTPWrapper,
  handle: Buffer,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  let next = 0;
  let end = length;
  const work = async () => {
    while (next < end) {
      const at = next;
      next += requestBytes;
      const count = await readPiece(sftp, handle, bytes.subarray(at, at + requestBytes), offset + at);
      // Whoever cut the file meanwhile is noticed by its listing.
      if (count < Math.min(requestBytes, length - at)) end = Math.min(end, at + count);
    }
  };
  await Promise.all(Array.from({ length: Math.min(requestsAtOnce, Math.ceil(length / requestBytes)) }, work));
  return bytes.subarray(0, end);
}

/** Fills the piece; less only where the file ends. */
async function readPiece(
  sftp: SFTPWrapper,
  handle: Buffer,
  piece: Buffer,
  position: number,
): Promise<number> {
  let filled = 0;
  while (filled < piece.length) {
    const count = await readOnce(sftp, handle, piece.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function readOnce(sftp: SFTPWrapper, handle: Buffer, into: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    sftp.read(handle, into, 0, into.length, position, (error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
}
