import type { Attributes, SFTPWrapper } from 'ssh2';
import { mostSourceFiles, type PackageSource, type SourceFinding } from '../../domain/package-source.ts';

/** Status code of SFTP version 3 (draft-ietf-secsh-filexfer-02, 7). */
const statusNoSuchFile = 2;
const deepest = 20;

/** Measures a file or folder; links are followed at its own name, and not below it. */
export async function measureSource(sftp: SFTPWrapper, path: string): Promise<SourceFinding> {
  try {
    const top = await stat(sftp, path);
    if (top.isFile()) return { path, files: 1, bytes: top.size, newest: top.mtime };
    if (!top.isDirectory()) return 'unknown';
    return (await measureFolder(sftp, path)) ?? 'unknown';
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === statusNoSuchFile;
    return isGone ? 'missing' : 'unknown';
  }
}

/** null: it holds too much. */
async function measureFolder(sftp: SFTPWrapper, path: string): Promise<PackageSource | null> {
  let [files, bytes, newest, seen] = [0, 0, 0, 0];
  const waiting = [{ folder: path, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { folder, depth } = next;
    for (const { filename, attrs } of await list(sftp, folder)) {
      if (filename === '.' || filename === '..') continue;
      seen += 1;
      if (seen > mostSourceFiles || depth > deepest) return null;
      if (isFolder(attrs)) waiting.push({ folder: `${folder}/${filename}`, depth: depth + 1 });
      else if (isRegular(attrs))
        [files, bytes, newest] = [files + 1, bytes + attrs.size, Math.max(newest, attrs.mtime)];
    }
  }
  return { path, files, bytes, newest };
}

const kindBits = 0o170_000;

function isFolder({ mode }: Attributes): boolean {
  return (mode & kindBits) === 0o040_000;
}

function isRegular({ mode }: Attributes): boolean {
  return (mode & kindBits) === 0o100_000;
}

function stat(sftp: SFTPWrapper, path: string) {
  return new Promise<Parameters<Parameters<SFTPWrapper['stat']>[1]>[1]>((resolve, reject) => {
    sftp.stat(path, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
}

function list(sftp: SFTPWrapper, folder: string) {
  return new Promise<Parameters<Parameters<SFTPWrapper['readdir']>[1]>[1]>((resolve, reject) => {
    sftp.readdir(folder, (error, entries) => (error ? reject(error) : resolve(entries)));
  });
}
