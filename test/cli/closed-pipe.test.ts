import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it('a command whose reader has had enough, as in `restage --help | head`, ends without a word', async () => {
  const program = new URL('../../dist/main.js', import.meta.url).pathname;
  const child = spawn(program, ['--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, 'close');
  expect(said).toBe('');
});
