import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

const program = new URL('../../dist/faults/faults.js', import.meta.url).pathname;
/** A few of each kind; `npm run faults -- --rounds 50` plays many. */
const rounds = '2';

it('B12: every command has its effect once, whatever breaks while it runs', {
  timeout: 240_000,
}, async () => {
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, [program, '--rounds', rounds], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
  // The lines tell what went wrong, and the seed for the same moments again.
  expect(output).toMatch(/"rounds":8,"commands":48,"wrong":0/);
  expect(code).toBe(0);
});
