import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

const program = new URL('../../dist/chaos/chaos.js', import.meta.url).pathname;

/** A short round of each world; `npm run chaos -- --rounds 100` plays many. */
async function play(faults: readonly string[]): Promise<{ code: unknown; output: string }> {
  const argv = ['--rounds', String(faults.length), ...faults.flatMap((name) => ['--fault', name])];
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...argv], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

it('A9, B12: every alert is told once and every command has its effect once, whatever breaks', {
  timeout: 240_000,
}, async () => {
  const { code, output } = await play(['bot-killed', 'run-bot-killed']);
  // The lines tell what went wrong, and the seed for the same faults again.
  expect(output).toMatch(/"rounds":2,"wrong":0/);
  expect(code).toBe(0);
});
