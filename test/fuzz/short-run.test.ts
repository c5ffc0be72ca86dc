import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const execute = promisify(execFile);
/** As `npm run build` leaves it. */
const program = path.resolve(import.meta.dirname, '../../dist/fuzz/fuzz.js');

/** Runs some targets for a few inputs; returns what is found in each. */
async function fuzz(...only: readonly string[]) {
  const options = ['--mails', '60', '--seed', '7', ...only.flatMap((name) => ['--only', name])];
  const { stdout } = await execute(process.execPath, [program, ...options]).catch((error: unknown) => {
    if (error instanceof Error && 'stdout' in error) return { stdout: String(error.stdout) };
    throw error;
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly target?: string; readonly findings?: readonly unknown[] })
    .flatMap(({ target, findings }) => (target === undefined ? [] : [{ target, findings }]));
}
const nothingIn = (...targets: readonly string[]) => targets.map((target) => ({ target, findings: [] }));

describe('a short run of hostile input', { timeout: 180_000 }, () => {
  test('finds nothing in the readers of logs, archives and configs', async () => {
    expect(await fuzz('logs', 'archives', 'configs')).toEqual(nothingIn('logs', 'archives', 'configs'));
  });

  test('finds nothing in a bot that gets mails, JSON, SMTP dialogues and Slack payloads', async () => {
    const found = await fuzz('mails', 'json', 'smtp', 'slack');
    expect(found).toEqual(nothingIn('reading', 'mails', 'json', 'smtp', 'slack'));
  });
});
