import { chmod, mkdir, stat } from 'node:fs/promises';

/** Permissions of anybody but the owner. */
const others = 0o077;

/**
 * Makes a folder for its owner alone. From one that is there the permissions of others are taken: what is in it can't be
 * reached by them then, whatever its own permissions are. Returns what they had, such as 0o755; null if they had none.
 */
export async function closeFolder(folder: string): Promise<number | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mode = (await stat(folder)).mode & 0o777;
  if ((mode & others) === 0) return null;
  await chmod(folder, mode & ~others);
  return mode;
}
