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
    const commands = ['audit', 'check', 'demo', 'explain', 'mails', 'readmit', 'redistribute', 'start'];
    expect([...named].toSorted()).toEqual(commands);
    for (const name of named) expect(await help(name)).toMatchObject({ exitCode: 0 });
  });

  it('every requirement’s code and tests', () => {
    const rows = readme.split('\n').filter((line) => /^\| (?:[AB]\d+|–)[, |]/.test(line));
    expect(rows.length).toBeGreaterThan(70);
    const missing = rows.flatMap((row) => {
      const [, , code = '', tests = ''] = row.split(' | ');
      return [
        ...pathsIn(code).filter((name) => !exists('src', name)),
        ...pathsIn(tests).filter((name) => !exists('test', name)),
      ];
    });
    expect(missing).toEqual([]);
  });

  it('every file and picture', () => {
    const links = [...readme.matchAll(/\]\(([^):]+)\)/g)].map(([, target = '']) => target);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((target) => !existsSync(path.join(root, target)))).toEqual([]);
  });
});

/** What a cell names: `a/{b,c}` is two paths. */
function pathsIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([a-z-]+(?:\/[a-z{},/-]+)?)`/g)].flatMap(([, name = '']) => {
    const [, before = '', list = name, after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(name) ?? [];
    return list.split(',').map((part) => `${before}${part}${after}`);
  });
}

/** A folder, or a file of its kind. */
function exists(folder: string, name: string): boolean {
  const endings = folder === 'src' ? ['', '.ts', '.py'] : ['', '.test.ts'];
  return endings.some((ending) => existsSync(path.join(root, folder, `${name}${ending}`)));
}
