import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Owner } from './surroundings.ts';

const checkout = path.resolve(import.meta.dirname, '../..');
const readsBody = 'export function readPlainText(headers, body) {';

/** A word that ends the process that reads it in a mail's body. */
export const fatalWord = 'ends-its-reader';

/**
 * Copies the built program, and gives it what a fault of the runtime would be: a mail with the fatal word ends by SIGKILL
 * whatever process reads its body. Returns the copy's main file.
 */
export function buildFatal(test: Owner): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'restage-fatal-'));
  test.onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const name of ['dist', 'drizzle', 'package.json'])
    cpSync(path.join(checkout, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(checkout, 'node_modules'), path.join(copy, 'node_modules'));
  const reader = path.join(copy, 'dist/adapters/mime/read-plainly.js');
  const source = readFileSync(reader, 'utf8');
  if (!source.includes(readsBody)) throw new Error(`${reader} does not define readPlainText as expected`);
  const kill = `if (body.includes('${fatalWord}')) process.kill(process.pid, 'SIGKILL');`;
  writeFileSync(reader, source.replace(readsBody, `${readsBody}\n${kill}`));
  return path.join(copy, 'dist/main.js');
}
