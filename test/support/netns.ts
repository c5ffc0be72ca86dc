import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** The nodes of a small network in a row, each in a network namespace of its own. */
export const nodes = ['host', 'gateway', 'router', 'device'] as const;
export type Node = (typeof nodes)[number];

/** Interfaces are called after the node at their other end; `host` is 10.77.1.2, `device` 10.77.3.2. */
export const addresses = { gateway: '10.77.1.1', router: '10.77.2.2', device: '10.77.3.2' } as const;

export interface Network {
  /** Runs `ip ARGS` on a node: how a test breaks something. */
  readonly ip: (node: Node, ...args: readonly string[]) => Promise<void>;
  /** Runs a program on a node and returns what it printed. */
  readonly exec: (node: Node, program: string, ...args: readonly string[]) => Promise<string>;
  remove(): Promise<void>;
}

/** Builds host – gateway – router – device with veth pairs (needs root). */
export async function createNetwork(): Promise<Network> {
  const prefix = `restage-${randomBytes(4).toString('hex')}`;
  const nameOf = (node: Node) => `${prefix}-${node}`;
  const exec = async (node: Node, program: string, ...args: readonly string[]) =>
    (await run('ip', ['netns', 'exec', nameOf(node), program, ...args])).stdout;
  const ip = async (node: Node, ...args: readonly string[]) =>
    void (await run('ip', ['-n', nameOf(node), ...args]));
  const remove = async () => {
    for (const node of nodes) await run('ip', ['netns', 'del', nameOf(node)]).catch(() => {});
  };

  const link = async (left: Node, right: Node, subnet: string) => {
    const ends = ['link', 'add', right, 'netns', nameOf(left), 'type', 'veth', 'peer', 'name', left];
    await run('ip', [...ends, 'netns', nameOf(right)]);
    const [leftHost, rightHost] = left === 'host' ? [2, 1] : [1, 2];
    await ip(left, 'addr', 'add', `${subnet}.${leftHost}/24`, 'dev', right);
    await ip(right, 'addr', 'add', `${subnet}.${rightHost}/24`, 'dev', left);
    await ip(left, 'link', 'set', right, 'up');
    await ip(right, 'link', 'set', left, 'up');
  };

  try {
    for (const node of nodes) {
      await run('ip', ['netns', 'add', nameOf(node)]);
      await ip(node, 'link', 'set', 'lo', 'up');
      await exec(node, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    }
    await link('host', 'gateway', '10.77.1');
    await link('gateway', 'router', '10.77.2');
    await link('router', 'device', '10.77.3');
    await ip('host', 'route', 'add', 'default', 'via', '10.77.1.1');
    await ip('gateway', 'route', 'add', '10.77.3.0/24', 'via', '10.77.2.2');
    await ip('router', 'route', 'add', 'default', 'via', '10.77.2.1');
    await ip('device', 'route', 'add', 'default', 'via', '10.77.3.1');
  } catch (error) {
    await remove();
    throw error;
  }
  return { ip, exec, remove };
}

export interface CompiledScript {
  readonly path: string;
  remove(): Promise<void>;
}

/** Compiles a test script and what it imports, so that plain node can run it in a namespace. */
export async function compileScript(source: string): Promise<CompiledScript> {
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'restage-script-'));
  const compilerOptions = { rootDir: root, outDir: folder, noCheck: true, sourceMap: false };
  const project = {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions,
    include: [join(root, source)],
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]);
  return {
    path: join(folder, source.replace(/\.ts$/, '.js')),
    remove: () => rm(folder, { recursive: true }),
  };
}
