import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildPreamble,
  type Call,
  callLook,
  callPrune,
  callStart,
  callStop,
} from '../../../src/adapters/ssh/remote-runner.ts';
import {
  createAnswerReader,
  type EndNotice,
  type RunReport,
  readEndNotice,
} from '../../../src/adapters/ssh/run-report.ts';
import type { RunRequest } from '../../../src/domain/server.ts';

const shells = ['dash', 'bash --posix', 'busybox sh'].filter(
  (shell) => spawnSync('sh', ['-c', `command -v ${shell.split(' ')[0]}`]).status === 0,
);

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'restage-runner-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const request = (id: string, argv: readonly string[], env = {}): RunRequest => ({
  id,
  argv,
  cwd: '/',
  env,
  mayStart: true,
});

describe.each(shells)('the runner in %s', (shell) => {
  const open = () =>
    spawn('sh', ['-c', `exec ${shell} -s`], {
      env: { PATH: `${home}/bin:${process.env['PATH']}`, HOME: home },
    });

  /** A shell that has the runner, as a connection has it. */
  function openRunner() {
    const child = open();
    const answers = new Map<string, (report: RunReport) => void>();
    const ends: EndNotice[] = [];
    const [read, readAside] = [createAnswerReader('nonce'), createAnswerReader('nonce')];
    child.stdout.on('data', (chunk: Buffer) =>
      read(chunk).forEach((one) => answers.get(one.key)?.(one.report)),
    );
    child.stderr.on('data', (chunk: Buffer) => {
      readAside(chunk).forEach((one) => answers.get(one.key)?.(one.report));
      for (const line of chunk.toString().split('\n')) {
        const notice = readEndNotice(line, 'nonce');
        if (notice) ends.push(notice);
      }
    });
    const ready = new Promise<RunReport>((resolve) => answers.set('hello', resolve));
    child.stdin.write(buildPreamble('nonce', null));
    let asked = 0;
    return {
      ends,
      ready,
      ask: (call: Call) => {
        const key = String((asked += 1));
        return new Promise<RunReport>((resolve) => {
          answers.set(key, resolve);
          child.stdin.write(call(key));
        });
      },
      /** Nobody reads any more what is told aside, as when the connection broke. */
      turnAway: () => child.stderr.destroy(),
      close: () => child.stdin.end(),
    };
  }

  it('starts a command, tells its end, and starts it only once', async () => {
    const runner = openRunner();
    expect(await runner.ready).toMatchObject({ state: 'ready' });
    const wanted = request('one', ['sh', '-c', 'echo "$A"; echo ran >>"$HOME/marks"; exit 3'], { A: "it's" });
    expect(await runner.ask(callStart(wanted))).toMatchObject({ state: 'starting' });
    await expect.poll(() => runner.ends).toEqual([{ id: 'one', exitCode: 3, printedNothing: false }]);
    const report = await runner.ask(callLook('one', 0));
    expect(report).toMatchObject({ state: 'exit', detail: '3', size: 5, output: Buffer.from("it's\n") });
    expect(await runner.ask(callStart(wanted))).toMatchObject({ state: 'there' });
    const again = await runner.ask(callLook('one', 5));
    expect(again).toMatchObject({ state: 'exit', detail: '3', output: Buffer.alloc(0) });
    expect(readFileSync(join(home, 'marks'), 'utf8')).toBe('ran\n');
    runner.close();
  });

  it.each(['0027', '777', '0000'])('B12: sets the umask %s', async (umask) => {
    const runner = openRunner();
    await runner.ready;
    await runner.ask(callStart({ ...request('masked', ['sh', '-c', 'umask']), umask }));
    await expect.poll(() => runner.ends).toHaveLength(1);
    expect((await runner.ask(callLook('masked', 0))).output.toString()).toBe(`${umask.padStart(4, '0')}\n`);
    runner.close();
  });

  it('B12: refuses what is no umask', () => {
    expect(() => callStart({ ...request('masked', ['true']), umask: '8; id' })).toThrow('is no umask');
  });

  it('B12: brings a command to its end although nobody hears of it any more', async () => {
    const [lost, another] = [openRunner(), openRunner()];
    await lost.ready;
    lost.turnAway();
    void lost.ask(callStart(request('alone', ['sh', '-c', 'kill -s PIPE $$; exit 3'])));
    // The command itself is ended by this signal, as everywhere.
    const piped = { state: 'exit', detail: '141', size: 0 };
    await expect.poll(() => another.ask(callLook('alone', 0)), { timeout: 5_000 }).toMatchObject(piped);
    lost.close();
    another.close();
  });

  it('only looks for a run where it must not start one', async () => {
    const runner = openRunner();
    expect(await runner.ask(callLook('none', 0))).toMatchObject({ state: 'missing' });
    runner.close();
  });

  it('does nothing when it was cut off on its way', async () => {
    const whole = callStart(request('cut', ['touch', join(home, 'ran')]))('1');
    for (const length of [whole.length * 0.2, whole.length * 0.6, whole.length - 9, whole.length - 2]) {
      const child: ChildProcess = open();
      child.stdin?.end(buildPreamble('nonce', null) + whole.slice(0, length));
      await new Promise((resolve) => void child.once('close', resolve));
    }
    expect(existsSync(join(home, '.local/state/restage/runs/cut'))).toBe(false);
  });

  it('B12: stops a command and all it started, also what left its group', async () => {
    const runner = openRunner();
    const stray = `setsid sh -c 'echo $$ >"$HOME/stray"; trap "" TERM; while :; do sleep 1; done' & sleep 60`;
    await runner.ask(callStart(request('two', ['sh', '-c', stray])));
    await expect.poll(() => existsSync(join(home, 'stray'))).toBe(true);
    expect(await runner.ask(callStop('two', 200, false))).toMatchObject({ state: 'stopped', detail: 'none' });
    expect(await runner.ask(callLook('two', 0))).toMatchObject({ state: 'exit', detail: '124' });
    const pid = Number(readFileSync(join(home, 'stray'), 'utf8'));
    expect(isAlive(pid)).toBe(false);
    runner.close();
  });

  it('B12: stops by sudo what runs by sudo', async () => {
    mkdirSync(join(home, 'bin'));
    const sudo = '#!/bin/sh\necho "$*" >>"$HOME/asked"\nshift\nexec "$@"\n';
    writeFileSync(join(home, 'bin/sudo'), sudo, { mode: 0o755 });
    const runner = openRunner();
    await runner.ask(callStart(request('four', ['sleep', '60'])));
    await expect.poll(async () => (await runner.ask(callLook('four', 0))).state).toBe('running');
    expect(await runner.ask(callStop('four', 200, true))).toMatchObject({ detail: 'none' });
    expect(readFileSync(join(home, 'asked'), 'utf8')).toMatch(/^-n kill -TERM -- -?\d+(?: \d+)?$/m);
    runner.close();
  });

  it('B12: what is stopped while it begins does not go on', async () => {
    const runner = openRunner();
    const names = Array.from({ length: 12 }, (_, index) => `begin-${index}`);
    for (const name of names) {
      void runner.ask(callStart(request(name, ['sh', '-c', `sleep 0.4; touch "$HOME/${name}"`])));
      expect(await runner.ask(callStop(name, 2, false))).toMatchObject({ state: 'stopped', detail: 'none' });
    }
    const ends = await Promise.all(names.map((name) => runner.ask(callLook(name, 0))));
    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['exit']));
    await new Promise((resolve) => {
      setTimeout(resolve, 600);
    });
    expect(names.filter((name) => existsSync(join(home, name)))).toEqual([]);
    runner.close();
  });

  it('B12: what was stopped before it began never runs', async () => {
    const runner = openRunner();
    expect(await runner.ask(callStop('three', 200, false))).toMatchObject({ detail: 'none' });
    await runner.ask(callStart(request('three', ['touch', join(home, 'ran')])));
    const late = await runner.ask(callLook('three', 0));
    expect(late).toMatchObject({ state: 'exit', detail: 'never' });
    expect(existsSync(join(home, 'ran'))).toBe(false);
    runner.close();
  });

  it('B12: removes the folders of runs that have ended, and of no others', async () => {
    const runner = openRunner();
    await runner.ask(callStart(request('over', ['true'])));
    await expect.poll(() => runner.ends.length).toBe(1);
    await runner.ask(callStart(request('going-on', ['sleep', '60'])));
    await expect.poll(async () => (await runner.ask(callLook('going-on', 0))).state).toBe('running');
    await runner.ask(callPrune(['over', 'going-on', 'never-was']));
    expect(await runner.ask(callLook('over', 0))).toMatchObject({ state: 'missing' });
    expect(await runner.ask(callLook('going-on', 0))).toMatchObject({ state: 'running' });
    await runner.ask(callStop('going-on', 200, false));
    runner.close();
  });
});

describe('what the server printed', () => {
  const readAll = (...chunks: readonly string[]) => {
    const read = createAnswerReader('n');
    return chunks.flatMap((chunk) => read(Buffer.from(chunk)));
  };

  it('is read although login files print before it, in whatever pieces it comes', () => {
    const whole = 'Welcome!\nn 1 running - 0 3 3\nn 2\nn 2 exit 7 9 3 0\n';
    const expected = [
      { key: '1', report: { state: 'running', detail: '-', ageS: 0, size: 3, output: Buffer.from('n 2') } },
      { key: '2', report: { state: 'exit', detail: '7', ageS: 9, size: 3, output: Buffer.alloc(0) } },
    ];
    expect(readAll(whole)).toEqual(expected);
    expect(readAll(...whole.split(''))).toEqual(expected);
  });

  it.each([
    '',
    'Welcome!\n',
    'n 1 running - 0 3 3\nab',
    'n 1 dancing - 0 0 0\n',
    'other 1 running - 0 0 0\n',
  ])('is no report: %j', (text) => {
    expect(readAll(text)).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
