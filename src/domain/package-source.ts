/** A file or folder on a server that a command distributes, by what tells it from another one of that name. */
export interface PackageSource {
  readonly path: string;
  /** Regular files in it; 1 for a file. */
  readonly files: number;
  readonly bytes: number;
  /** When the newest of them was changed, in seconds since 1970. */
  readonly newest: number;
  /**
   * `sha256:HEX` of the file's content, or of the list of a folder's files with theirs and its links; left out if it is larger
   * than `largestDigestedBytes`, could not be read, or was recorded before there were digests.
   */
  readonly digest?: string;
}

/** What is at a path now; `unknown`: it can't be told (it is too large, or may not be read). */
export type SourceFinding = PackageSource | 'missing' | 'unknown';

/** What is larger is compared by size and time: reading it would take too long. */
export const largestDigestedBytes = 1024 ** 3;

/** Beyond so many files nothing is compared: looking would take too long. */
export const mostSourceFiles = 20_000;
