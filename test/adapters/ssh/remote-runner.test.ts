import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildReportScript,
  buildStartScript,
  buildStopScript,
  readReport,
} from '../../../src/adapters/ssh/remote-runner.ts';

const shells = ['dash', 'bash --posix', 'busybox sh'].filter(
  (shell) => spawnSync('sh', ['-c', `command -v ${shell.split(' ')[0]}`]).status === 0,
);

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'restage-runner-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe.each(shells)('the runner in %s', (shell) => {
  const call = (script: string) =>
    execFileSync('sh', ['-c', `exec ${shell} -s`], {
      input: script.replace('$detach sh', `$detach ${shell}`),
      env: { PATH: process.env['PATH'], HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    });

  it('starts a command, reports until its end, and starts it only once', async () => {
    const request = {
      id: 'one',
      argv: ['sh', '-c', 'echo "$A"; exit 3'],
      cwd: '/',
      env: { A: "it's" },
      mayStart: true,
    };
    let report = readReport(call(buildStartScript(request, 'nonce', 0)), 'nonce');
    await expect
      .poll(() => {
        report = readReport(call(buildReportScript('one', 'nonce', 0)), 'nonce');
        return report?.state;
      })
      .toBe('exit');
    expect(report).toMatchObject({ detail: '3', size: 5, output: Buffer.from("it's\n") });
    expect(readReport(call(buildStartScript(request, 'nonce', 5)), 'nonce')).toMatchObject({
      state: 'exit',
      detail: '3',
      output: Buffer.alloc(0),
    });
  });

  it('only looks for a run where it must not start one', () => {
    expect(readReport(call(buildReportScript('none', 'nonce', 0)), 'nonce')).toMatchObject({
      state: 'missing',
    });
  });

  it('does nothing when it was cut off on its way', () => {
    const argv = ['touch', join(home, 'ran')];
    const whole = buildStartScript({ id: 'cut', argv, cwd: '/', env: {}, mayStart: true }, 'nonce', 0);
    for (const part of [0.2, 0.6, 0.9, 0.99]) {
      try {
        call(whole.slice(0, whole.length * part));
      } catch {
        // A shell that finds no end of the function says so.
      }
    }
    expect(readReport(call(buildReportScript('cut', 'nonce', 0)), 'nonce')?.state).toBe('missing');
  });

  it('stops a command: its exit code is 124', async () => {
    const request = { id: 'two', argv: ['sleep', '60'], cwd: '/', env: {}, mayStart: true };
    call(buildStartScript(request, 'nonce', 0));
    const readState = () => readReport(call(buildReportScript('two', 'nonce', 0)), 'nonce');
    await expect.poll(() => readState()?.state).toBe('running');
    call(buildStopScript('two'));
    await expect.poll(readState).toMatchObject({ state: 'exit', detail: '124' });
  });
});

describe('what the server printed', () => {
  it('is read although login files print before it', () => {
    expect(readReport(Buffer.from('Welcome!\nn running - 0 3 3\nabc'), 'n')).toMatchObject({
      state: 'running',
      output: Buffer.from('abc'),
    });
  });

  it.each([
    '',
    'Welcome!\n',
    '\nn running - 0 3 3\nab',
    '\nn dancing - 0 0 0\n',
    '\nother running - 0 0 0\n',
  ])('is no report: %j', (text) => {
    expect(readReport(Buffer.from(text), 'n')).toBeNull();
  });
});
