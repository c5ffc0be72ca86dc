import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The demo as a person starts it: the built program, in a process of its own. */
export interface DemoProcess {
  /** Of the workspace's page. */
  readonly url: string;
  /** Like Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the demo that `npm run build` has built, and resolves when it has told where its page is. */
export async function startDemoProcess(): Promise<DemoProcess> {
  const child = spawn(process.execPath, ['dist/main.js', 'demo', '--port', '0'], {
    cwd: new URL('../../', import.meta.url),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(() => child.exitCode);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const stop = () => {
    child.kill('SIGINT');
    return exited;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^\s+(http:\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { url, stop };
  }
  throw new Error(`the demo ended before it told where its page is: ${errors}`);
}
