import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';

let busy: Server | null = null;

afterEach(() => {
  busy?.close();
  busy = null;
});

/** `onStart` gets what was printed, once it names the page; then the process is asked to stop. */
async function demo(words: readonly string[], onStart: (out: string) => Promise<void> = async () => {}) {
  let out = '';
  let err = '';
  let stop = () => {};
  const write = (text: string) => {
    out += text;
    if (text.includes('apiUrl:')) void onStart(out).finally(() => stop());
  };
  const exitCode = await runCli(['node', 'restage', 'demo', ...words], {
    env: {},
    stdout: { write },
    stderr: { write: (text: string) => (err += text) },
    onStopSignal: (listener) => {
      stop = listener;
    },
  });
  return { exitCode, out, err };
}

describe('restage demo', () => {
  it.each(['abc', '-1', '65536', '1.5', ''])('says in a sentence that %j is no port', async (port) => {
    const { exitCode, err } = await demo([`--port=${port}`]);
    expect(exitCode).toBe(2);
    expect(err).toContain('A port is a whole number from 0 to 65535.');
    expect(err).not.toContain('    at ');
  });

  it.each([[[]], [['--slack-only']]])('says in a sentence that a port is in use, with %j', async (words) => {
    busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const address = busy.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { exitCode, err } = await demo([...words, '--port', String(port)]);
    expect(exitCode).toBe(1);
    expect(err).toBe(`restage: port ${port} is in use: choose another one with --port, or 0\n`);
  });

  it('--slack-only starts the workspace alone, and says what a config needs to join it', async () => {
    let answer: unknown = null;
    const { exitCode, out } = await demo(['--slack-only', '--port', '0'], async (text) => {
      const apiUrl = /apiUrl: (\S+)/.exec(text)?.[1] ?? '';
      const headers = { authorization: `Bearer ${/SLACK_BOT_TOKEN=(\S+)/.exec(text)?.[1]}` };
      answer = await (await fetch(`${apiUrl}auth.test`, { method: 'POST', headers })).json();
    });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/SLACK_APP_TOKEN=xapp-\S+/);
    expect(answer).toMatchObject({ ok: true, user_id: 'U0RESTAGE' });
  });
});
