import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ip = '/usr/sbin/ip';
/** RFC 2544: set apart for tests of networks. */
export const network = '198.18.0.0/15';
const prefix = 'restage-';

/** A network namespace that stands for a machine of its own, with a cable to this one. */
export interface Machine {
  readonly name: string;
  /** Its own address. */
  readonly address: string;
  /** The address of this machine at the other end of the cable. */
  readonly hostAddress: string;
  /** What starts a program there, by exec(2). */
  readonly enter: readonly string[];
  /** Pulls the cable: whatever is sent gets lost, and nobody is told. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  remove(): Promise<void>;
}

/** Creates a namespace and a veth pair. Needs root. */
export async function createMachine(): Promise<Machine> {
  const block = await findFreeBlock();
  const id = block.toString(16).padStart(4, '0');
  const [name, cable] = [`${prefix}${id}`, `rst${id}`];
  const [hostAddress, address] = [addressIn(block, 1), addressIn(block, 2)];
  // A link that is down would take its route with it: packets would go elsewhere, where somebody may answer.
  const nobody = ['lladdr', '02:00:00:00:00:01', 'nud', 'permanent'];
  const near = ['neigh', 'replace', address, 'dev', cable];
  const far = ['-n', name, 'neigh', 'replace', hostAddress, 'dev', 'cable'];
  const cut = async () => {
    await Promise.all([run(ip, [...near, ...nobody]), run(ip, [...far, ...nobody])]);
  };
  const mend = async () => {
    await Promise.all([
      run(ip, ['neigh', 'del', address, 'dev', cable]),
      run(ip, ['-n', name, 'neigh', 'del', hostAddress, 'dev', 'cable']),
    ]);
  };
  const remove = async () => {
    await run(ip, ['netns', 'del', name]).catch(() => {});
    await run(ip, ['link', 'del', cable]).catch(() => {});
  };
  try {
    await run(ip, ['netns', 'add', name]);
    await run(ip, ['-n', name, 'link', 'set', 'lo', 'up']);
    await run(ip, ['link', 'add', cable, 'type', 'veth', 'peer', 'name', 'cable', 'netns', name]);
    await run(ip, ['addr', 'add', `${hostAddress}/30`, 'dev', cable]);
    await run(ip, ['-n', name, 'addr', 'add', `${address}/30`, 'dev', 'cable']);
    await run(ip, ['-n', name, 'link', 'set', 'cable', 'up']);
    await run(ip, ['link', 'set', cable, 'up']);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    name,
    address,
    hostAddress,
    enter: [ip, 'netns', 'exec', name],
    cut,
    mend,
    remove,
  };
}

/** Blocks of four addresses; other programs on this machine may play as well. */
async function findFreeBlock(): Promise<number> {
  const { stdout } = await run(ip, ['-o', '-4', 'addr']);
  for (;;) {
    const block = randomInt(2 ** 15);
    if (!stdout.includes(` ${addressIn(block, 1)}/`)) return block;
  }
}

function addressIn(block: number, host: number): string {
  const low = block * 4 + host;
  return `198.${18 + (low >> 16)}.${(low >> 8) & 255}.${low & 255}`;
}
