import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Sshd, startSshd } from './sshd.ts';

const run = promisify(execFile);
const ip = async (...args: readonly string[]) => void (await run('ip', [...args]));

/** A device of its own: a network namespace on a cable to this machine, with a real sshd in it (needs root). */
export interface NetworkDevice {
  readonly address: string;
  readonly sshd: Sshd;
  /** What starts further programs on it. */
  readonly enter: readonly string[];
  /** Takes the device off the network, as a pulled cable does. */
  unplug(): Promise<void>;
  plugIn(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a device that keeps its files in the folder; what its sessions put into `incoming`, they put into one there. */
export async function startNetworkDevice(folder: string, incoming: string): Promise<NetworkDevice> {
  const id = randomBytes(4).toString('hex');
  const namespace = `restage-${id}`;
  // Interface names have 15 characters at the most.
  const [here, there] = [`rs${id}a`, `rs${id}b`];
  const subnet = `10.${randomInt(100, 120)}.${randomInt(256)}`;
  const quarter = 4 * randomInt(64);
  const address = `${subnet}.${quarter + 2}`;
  await ip('netns', 'add', namespace);
  const remove = () => ip('netns', 'del', namespace);
  try {
    await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', namespace);
    await ip('addr', 'add', `${subnet}.${quarter + 1}/30`, 'dev', here);
    await ip('link', 'set', here, 'up');
    await ip('-n', namespace, 'addr', 'add', `${address}/30`, 'dev', there);
    await ip('-n', namespace, 'link', 'set', 'lo', 'up');
    await ip('-n', namespace, 'link', 'set', there, 'up');
    const mounts = [{ what: path.join(folder, 'incoming'), at: incoming }];
    mkdirSync(path.join(folder, 'incoming'), { recursive: true });
    // It gives a program mounts of its own.
    const enter = ['ip', 'netns', 'exec', namespace];
    const sshd = await startSshd({ dir: folder, within: { address, enter, mounts } });
    return {
      address,
      sshd,
      enter,
      unplug: () => ip('-n', namespace, 'link', 'set', there, 'down'),
      plugIn: () => ip('-n', namespace, 'link', 'set', there, 'up'),
      async remove() {
        await sshd.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
