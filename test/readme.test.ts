import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../src/cli/cli.ts';

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const scripts = (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: object })
  .scripts;

async function help(...words: string[]): Promise<{ exitCode: number; text: string }> {
  let text = '';
  const stream = { write: (piece: string) => (text += piece) };
  const terminal = { env: {}, stdout: stream, stderr: stream, onStopSignal: () => {} };
  const exitCode = await runCli(['node', 'restage', ...words, '--help'], terminal);
  return { exitCode, text };
}

describe('what the README says is there', () => {
  it('every npm script', () => {
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
    expect(named).not.toEqual([]);
    expect(named.filter((name) => !(name !== undefined && name in scripts))).toEqual([]);
  });

  it('every command of restage, and each has help', async () => {
    const named = new Set([...readme.matchAll(/`restage (\w+)/g)].map(([, name]) => name ?? ''));
    expect([...named].toSorted()).toEqual(['audit', 'check', 'demo', 'explain', 'mails', 'readmit', 'start']);
    for (const name of named) expect(await help(name)).toMatchObject({ exitCode: 0 });
  });

  it('every file and picture', () => {
    const links = [...readme.matchAll(/\]\(([^):]+)\)/g)].map(([, target = '']) => target);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((target) => !existsSync(path.join(root, target)))).toEqual([]);
  });
});
