import { mostSourceFiles, type PackageSource, type SourceFinding } from '../../domain/package-source.ts';
import { isFolder, isRegular, noSuchFile, type RemoteFiles, statusOf } from './logs/remote-files.ts';

const deepest = 20;

/** Measures a file or folder; links are followed at its own name, and not below it. */
export async function measureSource(remote: RemoteFiles, path: string): Promise<SourceFinding> {
  try {
    const top = await remote.stat(path);
    if (isRegular(top)) return { path, files: 1, bytes: top.size, newest: top.mtime };
    if (!isFolder(top)) return 'unknown';
    return (await measureFolder(remote, path)) ?? 'unknown';
  } catch (error) {
    return statusOf(error) === noSuchFile ? 'missing' : 'unknown';
  }
}

/** null: it holds too much. */
async function measureFolder(remote: RemoteFiles, path: string): Promise<PackageSource | null> {
  let [files, bytes, newest, seen] = [0, 0, 0, 0];
  const waiting = [{ folder: path, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { folder, depth } = next;
    for (const entry of await remote.list(folder)) {
      if (entry.name === '.' || entry.name === '..') continue;
      seen += 1;
      if (seen > mostSourceFiles || depth > deepest) return null;
      if (isFolder(entry)) waiting.push({ folder: `${folder}/${entry.name}`, depth: depth + 1 });
      else if (isRegular(entry))
        [files, bytes, newest] = [files + 1, bytes + entry.size, Math.max(newest, entry.mtime)];
    }
  }
  return { path, files, bytes, newest };
}
