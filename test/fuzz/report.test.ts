import { fork } from 'node:child_process';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeReport } from '../../src/fuzz/report.ts';

const program = path.resolve(import.meta.dirname, '../support/long-report.mjs');

function start(megabytes: number) {
  const child = fork(program, [String(megabytes)]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('a report of many megabytes, as of 100,000 mails, arrives whole though its process ends', async () => {
  expect(await takeReport(start(20))).toEqual({ keys: 'x'.repeat(20e6) });
});

test('a process that ends without a report is an error that says its exit code', async () => {
  await expect(takeReport(start(0))).rejects.toThrow('exit code 3 and no report');
});
