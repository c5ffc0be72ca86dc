import { randomBytes } from 'node:crypto';

interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly altText: string;
  content: Buffer | null;
  isComplete: boolean;
}

/** Uploaded files, kept in memory. */
export class FileStore {
  readonly #files = new Map<string, StoredFile>();

  /** Makes room for a file; its content comes later. */
  reserve(name: string, altText: string): string {
    const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
    this.#files.set(id, { id, name, altText, content: null, isComplete: false });
    return id;
  }

  /** False when no such upload was asked for. */
  fill(id: string, content: Buffer): boolean {
    const file = this.#files.get(id);
    if (file) file.content = content;
    return file !== undefined;
  }

  /** Ends an upload: from then on a message's blocks may show the file. */
  complete(id: string): void {
    const file = this.#files.get(id);
    if (file) file.isComplete = true;
  }

  isComplete(id: string): boolean {
    return this.#files.get(id)?.isComplete === true;
  }

  /** Null until the content is there. */
  get(id: string): { readonly name: string; readonly altText: string; readonly content: Buffer } | null {
    const file = this.#files.get(id);
    return file?.content ? { name: file.name, altText: file.altText, content: file.content } : null;
  }
}
