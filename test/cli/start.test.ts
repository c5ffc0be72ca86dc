import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';

it('restage start that is asked to stop while it waits for Slack goes no step further, and ends well', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-start-'));
  const asked: (string | undefined)[] = [];
  let stop = () => {};
  // Asked for the first time, "Slack" first has the bot stopped, and then is gone.
  const slack = createServer((request) => {
    asked.push(request.url);
    stop();
    setImmediate(() => request.socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(slack, 'listening');
  const address = slack.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const file = path.join(folder, 'restage.yaml');
  writeFileSync(
    file,
    `slack: { apiUrl: 'http://127.0.0.1:${port}/api/' }\nintake: { smtp: { port: 2525, allowFrom: [127.0.0.1] } }\nhealth: { port: 0 }\nlog: { level: silent }\n`,
  );
  const exitCode = await runCli(['node', 'restage', 'start', '-c', file], {
    env: { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_APP_TOKEN: 'xapp-test' },
    stdout: { write: () => true },
    stderr: { write: () => true },
    onStopSignal: (stopBot) => {
      stop = stopBot;
    },
  });
  slack.close();
  expect(exitCode).toBe(0);
  expect(asked).toEqual(['/api/auth.test']);
  expect(existsSync(path.join(folder, 'data/restage.lock'))).toBe(false);
  expect(existsSync(path.join(folder, 'data/control.sock'))).toBe(false);
  rmSync(folder, { recursive: true });
});
