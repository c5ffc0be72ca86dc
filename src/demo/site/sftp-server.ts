import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { SFTPWrapper } from 'ssh2';
import ssh2 from 'ssh2';

const { STATUS_CODE } = ssh2.utils.sftp;

type OpenThing = { readonly fd: number } | { readonly folder: string; readonly names: string[] };

/** The reading half of SFTP (draft-ietf-secsh-filexfer-02): list, stat, open, read. */
export function serveFiles(sftp: SFTPWrapper): void {
  const handles = createHandles();
  const attempt = (id: number, work: () => void) => {
    try {
      work();
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      sftp.status(id, isMissing ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE, String(error));
    }
  };
  const stat = (id: number, name: string) => attempt(id, () => sftp.attrs(id, attributesOf(statSync(name))));
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('FSTAT', (id, handle) =>
    attempt(id, () => sftp.attrs(id, attributesOf(fstatSync(handles.file(handle))))),
  );
  sftp.on('REALPATH', (id, name) =>
    attempt(id, () => sftp.name(id, [entryOf(path.resolve(name), path.resolve(name))])),
  );
  sftp.on('OPEN', (id, name) => attempt(id, () => sftp.handle(id, handles.add({ fd: openSync(name, 'r') }))));
  sftp.on('OPENDIR', (id, folder) =>
    attempt(id, () => sftp.handle(id, handles.add({ folder, names: readdirSync(folder) }))),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    attempt(id, () => {
      const buffer = Buffer.alloc(length);
      const read = readSync(handles.file(handle), buffer, 0, length, offset);
      if (read === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, read));
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    attempt(id, () => {
      const { folder, names } = handles.folder(handle);
      const entries = names.splice(0).map((name) => entryOf(name, path.join(folder, name)));
      if (entries.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.name(id, entries);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    attempt(id, () => {
      const thing = handles.remove(handle);
      if ('fd' in thing) closeSync(thing.fd);
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
}

/** What a client has open, by the four bytes it was given for it. */
function createHandles() {
  const open = new Map<string, OpenThing>();
  let last = 0;
  const get = (handle: Buffer): OpenThing => {
    const thing = open.get(handle.toString('hex'));
    if (!thing) throw new Error('no such handle');
    return thing;
  };
  return {
    add(thing: OpenThing): Buffer {
      last += 1;
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(last);
      open.set(handle.toString('hex'), thing);
      return handle;
    },
    file(handle: Buffer): number {
      const thing = get(handle);
      if (!('fd' in thing)) throw new Error('not a file');
      return thing.fd;
    },
    folder(handle: Buffer) {
      const thing = get(handle);
      if ('fd' in thing) throw new Error('not a folder');
      return thing;
    },
    remove(handle: Buffer): OpenThing {
      const thing = get(handle);
      open.delete(handle.toString('hex'));
      return thing;
    },
  };
}

function entryOf(filename: string, place: string) {
  return { filename, longname: filename, attrs: attributesOf(statSync(place)) };
}

function attributesOf(stats: ReturnType<typeof fstatSync>) {
  const seconds = (ms: number | bigint) => Math.floor(Number(ms) / 1000);
  return {
    mode: Number(stats.mode),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: Number(stats.size),
    atime: seconds(stats.atimeMs),
    mtime: seconds(stats.mtimeMs),
  };
}
