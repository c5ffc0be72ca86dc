import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { PostedMessage } from '../../src/demo/workspace/workspace.ts';
import { actions } from '../../src/messages/actions.ts';
import { parseRecordLog } from '../../src/redistribution/adapter/record-log.ts';
import { type DistributionServer, startDistributionServer } from '../support/distribution-server.ts';
import { hasButton, shows, topLevel, untilShows, untilThreadShows } from '../support/messages.ts';
import { type NetworkDevice, startNetworkDevice } from '../support/network-device.ts';
import { ana, ben, mailUser, siteEnv, writeSiteConfig } from '../support/site-config.ts';
import { type Owner, startSurroundings, startUp, type Surroundings } from '../support/surroundings.ts';
import { allowedWays, packageOf, prepareWays, waysOf } from '../support/tools-together.ts';
import { wholeLog } from '../support/whole-log.ts';

interface Site extends Surroundings {
  readonly int38: DistributionServer;
  /** A path on int-38. */
  readonly at: (file: string) => string;
  readonly packageFile: string;
  /** Where packages are put, on each device into a folder of its own. */
  readonly incoming: string;
  readonly devices: ReadonlyMap<string, NetworkDevice>;
}

/** A distribution tool as it is used on int-38. */
interface Tool {
  readonly name: string;
  /** The device that is off the network. */
  readonly broken: string;
  /** Sets the tool up, as its administrators do. */
  readonly prepare?: (site: Site, broken: string) => void | Promise<void>;
  /** What distributes the package, as an operator or cron runs it. */
  readonly distribute: (site: Site, broken: string) => string;
  /** What the ticket says of the device that it is about. */
  readonly verdict: 'device down' | 'reachable';
  /** What is proposed to run again. */
  readonly again: (site: Site, broken: string) => string;
  /** What its dry run shows; `null` if it has none. */
  readonly trial: string | null;
  /** A file on int-38 that its dry run writes, which is why it takes an approval; left out: it is free. */
  readonly trace?: string;
  /** The button that approves it: where a log does not have the arguments themselves, they are looked at twice. */
  readonly approve: string;
  /** Where the package is missing. */
  readonly target: (broken: string) => string;
}

const packageName = 'edge-agent-4.12.3.deb';
const healthy = 'client-001';
const onDevice = (device: string) => `${device}/incoming/${packageName}`;

const rsync: Tool = {
  name: 'rsync',
  broken: 'client-010',
  distribute: ({ int38, packageFile, incoming }, broken) =>
    `${int38.recorder} --job rsync-eu --package ${packageName} --recipients ${healthy},${broken} --each` +
    ` -- rsync -a --timeout=5 ${packageFile} {}:${incoming}/`,
  verdict: 'device down',
  again: ({ packageFile, incoming }, broken) => `rsync -a --timeout=5 ${packageFile} ${broken}:${incoming}/`,
  trial: `f+++++++++ ${packageName}`,
  approve: actions.redistributionApprove,
  target: onDevice,
};

const rsyncByShell: Tool = {
  name: 'rsync -e',
  broken: 'client-013',
  prepare({ at }) {
    const script = `#!/bin/sh\ntouch ${at(rsyncByShell.trace ?? '')}\nexec ssh "$@"\n`;
    writeFileSync(at('remote-shell'), script, { mode: 0o755 });
  },
  distribute: ({ int38, packageFile, incoming, at }, broken) =>
    `${int38.recorder} --job rsync-shell --package ${packageName} --recipients ${healthy},${broken} --each` +
    ` -- rsync -a --timeout=5 -e ${at('remote-shell')} ${packageFile} {}:${incoming}/`,
  verdict: 'device down',
  again: ({ packageFile, incoming, at }, broken) =>
    `rsync -a --timeout=5 -e ${at('remote-shell')} ${packageFile} ${broken}:${incoming}/`,
  trial: `f+++++++++ ${packageName}`,
  trace: 'shell-ran',
  approve: actions.redistributionApprove,
  target: onDevice,
};

const clush: Tool = {
  name: 'clush',
  broken: 'client-011',
  distribute: (site, broken) =>
    `${site.int38.recorder} --job clush-eu --package ${packageName} --recipients ${healthy},${broken}` +
    ` --failed-pattern '^clush: ([^:]+): exited with' --unnamed succeeded` +
    ` -- ${clush.again(site, `${healthy},${broken}`)}`,
  verdict: 'device down',
  again: ({ at, packageFile, incoming }, nodes) =>
    `clush -S -o '-F ${at('ssh_config')}' -w ${nodes} -c ${packageFile} --dest ${incoming}/`,
  trial: null,
  approve: actions.redistributionApprove,
  target: onDevice,
};

const ansible: Tool = {
  name: 'ansible-playbook',
  broken: 'client-012',
  prepare({ int38, at, packageFile, incoming }, broken) {
    mkdirSync(at('ansible/plugins'), { recursive: true });
    copyFileSync('src/recorder/ansible/restage.py', at('ansible/plugins/restage.py'));
    writeFileSync(
      at('ansible/ansible.cfg'),
      `[defaults]\ninventory = hosts\ncallback_plugins = ${at('ansible/plugins')}\ncallbacks_enabled = restage\n` +
        `[ssh_connection]\nssh_args = -F ${at('ssh_config')}\n[callback_restage]\nlog_dir = ${at('ansible-log')}\n`,
    );
    writeFileSync(at('ansible/hosts'), `${healthy}\n${broken}\n`);
    const task = {
      name: 'Copy the package',
      'ansible.builtin.copy': { src: packageFile, dest: `${incoming}/` },
    };
    const look = {
      name: 'Look what is there, also in check mode',
      'ansible.builtin.command': `touch ${at(ansible.trace ?? '')}`,
      check_mode: false,
      changed_when: false,
      delegate_to: 'localhost',
    };
    const play = { name: 'edge-agent', hosts: 'all', gather_facts: false, tasks: [look, task] };
    writeFileSync(at('ansible/edge-agent.yml'), JSON.stringify([play]));
    // As cron does: what it printed is mailed.
    const script = `cd ${at('ansible')} && out=$(ansible-playbook edge-agent.yml -e restage_package=${packageName} 2>&1) && exit
code=$?; printf 'Subject: Cron <root@int-38> nightly-agent\\n\\n%s\\n' "$out" | /usr/sbin/sendmail -t; exit $code\n`;
    writeFileSync(path.join(int38.bin, 'nightly-agent'), `#!/bin/sh\n${script}`, { mode: 0o755 });
  },
  distribute: ({ int38 }) => path.join(int38.bin, 'nightly-agent'),
  verdict: 'device down',
  again: (_site, broken) =>
    `/usr/bin/ansible-playbook --limit ${broken} edge-agent.yml -e restage_package=${packageName}`,
  trial: 'changed=1',
  trace: 'playbook-ran',
  approve: actions.redistributionApprove,
  target: onDevice,
};

const ftpsync: Tool = {
  name: 'ftpsync',
  broken: 'dist-01',
  async prepare({ at, devices, packageFile }, broken) {
    const master = devices.get(broken);
    const archive = at('../master/archive');
    mkdirSync(path.join(archive, 'pool'), { recursive: true });
    mkdirSync(path.join(archive, 'project/trace'), { recursive: true });
    copyFileSync(packageFile, path.join(archive, 'pool', packageName));
    writeFileSync(path.join(archive, 'project/trace/master'), 'Mon Nov 23 18:00:00 UTC 2026\n');
    writeFileSync(
      at('rsyncd.conf'),
      `uid = root\ngid = root\nuse chroot = no\n[debian]\npath = ${archive}\n`,
    );
    const daemon = ['rsync', '--daemon', '--no-detach', `--config=${at('rsyncd.conf')}`];
    const [program = '', ...args] = [...(master?.enter ?? []), ...daemon];
    const server = spawn(program, args, { stdio: 'ignore' });
    const ended = once(server, 'exit');
    owner.onTestFinished(() => {
      server.kill();
      return ended;
    });
    mkdirSync(at('home/.config/ftpsync'), { recursive: true });
    writeFileSync(
      at('home/.config/ftpsync/ftpsync.conf'),
      `MAILTO=dist-alerts@example.net\nRSYNC_HOST=${master?.address}\nRSYNC_PATH=debian\nTO=${at('mirror')}/\n`,
    );
  },
  distribute: () => 'ftpsync sync:all',
  verdict: 'reachable',
  again: () => 'ftpsync sync:all',
  trial: null,
  approve: actions.redistributionApproveMarked,
  target: () => `int-38/mirror/pool/${packageName}`,
};

// ftpsync's own server is the one that fails: first, before the devices behind it make one ticket at it.
const tools = inject('isLongRun') ? [ftpsync, rsync, rsyncByShell, clush, ansible] : [ansible];
/** For the tools that are tried together. */
const [offline, late] = ['client-020', 'client-021'] as const;

const ends: (() => unknown)[] = [];
const owner: Owner = { onTestFinished: (end) => void ends.unshift(end) };
let site: Site;
beforeAll(async () => {
  site = await startSite();
}, 120_000);
afterAll(async () => {
  for (const end of ends) await end();
});

const channel = 'maint-eu';

describe('a distribution by a real tool, over a network of which a part is down', () => {
  it.each(tools)(
    'B11, B14: $name: from the failure to the package in its place, once',
    { timeout: 180_000 },
    async ({ broken, prepare, distribute, verdict, again, trial, trace, approve, target }) => {
      const { workspace, int38 } = site;
      const device = site.devices.get(broken);
      const countConnections = () => site.devices.get(healthy)?.sshd.connections();

      // It fails, and the mail makes a ticket.
      await prepare?.(site, broken);
      await device?.unplug();
      const isTicket = awaitNew((one) => hasButton(one, actions.ticketRepaired));
      const ran = await int38.run(distribute(site, broken));
      expect(ran.exitCode).not.toBe(0);
      expect(has(target(broken))).toBe(false);
      const ticket = await isTicket();
      expect(shows(ticket, verdict)).toBe(true);

      // The network is mended.
      await device?.plugIn();
      await workspace.click(ana, channel, ticket.ts, actions.ticketRepaired);
      const isProposal = awaitNew((one) => hasButton(one, approve));
      await workspace.command(ana, channel, '/redistribute int-38 since yesterday');
      const proposal = await isProposal();
      expect(JSON.stringify(proposal.blocks)).toContain(JSON.stringify(again(site, broken)).slice(1, -1));

      // It is tried: by whoever asked where that only lists, on an approval where the tool runs programs even so.
      expect(hasButton(proposal, actions.redistributionDryRun)).toBe(trial !== null && !trace);
      expect(hasButton(proposal, actions.redistributionApproveDryRun)).toBe(trace !== undefined);
      if (trial !== null) {
        if (trace) await approveDryRun(proposal, trace);
        else await workspace.click(ana, channel, proposal.ts, actions.redistributionDryRun);
        const tried = await untilThreadShows(workspace, proposal, 'exit code 0', 40_000);
        expect(JSON.stringify(tried.blocks)).toContain(trace ? 'approved by' : 'free: rsync only lists');
        if (trace) expect(existsSync(site.at(trace))).toBe(true);
        expect(JSON.stringify(tried.blocks)).toContain(trial);
        expect(has(target(broken))).toBe(false);
      }

      // The package arrives, and only where it was missing.
      const before = await countConnections();
      await workspace.click(ben, channel, proposal.ts, approve);
      await untilShows(workspace, proposal, '*Done*', 40_000);
      expect(has(target(broken))).toBe(true);
      expect(await countConnections()).toBe(before);
      await untilShows(workspace, ticket, '*Resolved*');

      // Nothing is left.
      const isAnswer = awaitNew((one) => shows(one, '*Nothing to redistribute*'));
      await workspace.command(ana, channel, '/redistribute int-38 since yesterday');
      await isAnswer();
    },
  );

  it('B8, B9: by lists that only the server knows, behind wrappers, by tools that nobody knows and in an environment that decides', {
    timeout: 240_000,
  }, async () => {
    const { workspace, int38, at, incoming, folder } = site;
    const device = site.devices.get(offline);
    const countConnections = () => site.devices.get(healthy)?.sshd.connections();
    const ground = { at, recorder: int38.recorder, incoming, folder, healthy, broken: offline, late };
    prepareWays(ground);
    const ways = waysOf(ground);
    const lacking = () => {
      const missing = (where: string) =>
        ways.flatMap(({ name }) => (hasPackage(where, name) ? [] : [name])).toSorted();
      return { healthy: missing(healthy), offline: missing(offline) };
    };
    for (const { name } of ways) writeFileSync(path.join(folder, packageOf(name)), randomBytes(2_000));

    await device?.unplug();
    // An sshd refuses some of many logins at a time.
    const waves = [0, 4, 8].map((from) => ways.slice(from, from + 4));
    const lines = waves.map((wave) => wave.map((one) => `(${one.distribute}) & `).join(''));
    await int38.run(`${lines.join('wait; ')}wait`);
    expect(lacking()).toEqual({ healthy: [], offline: ways.map(({ name }) => name).toSorted() });
    await device?.plugIn();

    const isProposal = awaitNew((one) => hasButton(one, actions.redistributionApprove));
    await workspace.command(ana, channel, '/redistribute int-38 since yesterday');
    const proposal = await isProposal();
    const before = await countConnections();
    await workspace.click(ben, channel, proposal.ts, actions.redistributionApprove);
    await untilShows(workspace, proposal, '*Done*', 120_000);
    expect(lacking()).toEqual({ healthy: [], offline: [] });
    expect(await countConnections()).toBe(before);
    const belated = ways.filter((one) => one.missesLate).map(({ name }) => hasPackage(late, name));
    expect(belated).toEqual([true, true]);
    const repeated = readRepeated(int38.logDirectory);
    expect(Object.fromEntries(ways.map(({ name }) => [name, repeated.get(name)]))).toEqual(
      Object.fromEntries(ways.map(({ name, again }) => [name, again])),
    );

    const isAnswer = awaitNew((one) => shows(one, '*Nothing to redistribute*'));
    await workspace.command(ana, channel, '/redistribute int-38 since yesterday');
    await isAnswer();
  });
});

/** Approves as whoever asked, in vain, then as another; nothing has run before that. */
async function approveDryRun(proposal: PostedMessage, trace: string): Promise<void> {
  rmSync(site.at(trace), { force: true });
  const { workspace } = site;
  const click = (person: string) =>
    workspace.click(person, channel, proposal.ts, actions.redistributionApproveDryRun);
  const refusals = () =>
    workspace.messages(channel).filter((one) => one.ephemeralFor === ana && shows(one, 'somebody else has'));
  const before = refusals().length;
  await click(ana);
  await workspace.waitFor(() => refusals()[before], 'the refusal', 40_000);
  expect(existsSync(site.at(trace))).toBe(false);
  await click(ben);
}

/** From now on: resolves with the first message that looks so. */
function awaitNew(looks: (one: PostedMessage) => boolean): () => Promise<PostedMessage> {
  const { workspace } = site;
  const known = new Set(topLevel(workspace, channel).map(({ ts }) => ts));
  const find = () => topLevel(workspace, channel).find((one) => !known.has(one.ts) && looks(one));
  return () => workspace.waitFor(find, 'the message', 40_000);
}

/** Returns the arguments of each job's second attempt. */
function readRepeated(logDirectory: string): ReadonlyMap<string, readonly string[]> {
  const logs = readdirSync(logDirectory).map((name) => readFileSync(path.join(logDirectory, name)));
  const { records } = parseRecordLog([wholeLog(Buffer.concat(logs))]);
  return new Map(records.filter(({ attempt }) => attempt === 2).map(({ job, argv }) => [job, argv]));
}

function hasPackage(device: string, name: string): boolean {
  const [there, here] = [path.join(site.folder, device, 'incoming'), site.folder];
  const file = path.join(there, packageOf(name));
  return existsSync(file) && readFileSync(file).equals(readFileSync(path.join(here, packageOf(name))));
}

/** Whether the package is there, whole. */
function has(file: string): boolean {
  try {
    return readFileSync(path.join(site.folder, file)).equals(readFileSync(site.packageFile));
  } catch {
    return false;
  }
}

async function startSite(): Promise<Site> {
  const surroundings = await startSurroundings(owner);
  const { folder, dovecot, workspace } = surroundings;
  const incoming = path.join(folder, 'incoming');
  mkdirSync(incoming);
  const devices = new Map<string, NetworkDevice>();
  for (const name of [healthy, offline, late, ...tools.map((one) => one.broken)]) {
    const device = await startNetworkDevice(path.join(folder, name), incoming);
    owner.onTestFinished(() => device.remove());
    devices.set(name, device);
  }
  const at = (file: string) => path.join(folder, 'int-38', file);
  // A folder without logs is a fault: they are there before the first run.
  for (const logs of ['ansible-log', 'home/.local/log/ftpsync']) mkdirSync(at(logs), { recursive: true });
  const int38 = await startDistributionServer({
    name: 'int-38',
    folder: path.join(folder, 'int-38'),
    devices: Object.fromEntries([...devices].map(([name, { sshd }]) => [name, sshd])),
    alerts: { dovecot, user: mailUser },
    ownHost: true,
  });
  owner.onTestFinished(() => int38.stop());
  const packageFile = path.join(folder, packageName);
  writeFileSync(packageFile, randomBytes(20_000));
  const near = [...devices].map(([name, { address }]) => ({
    name,
    ip: address,
    room: '113',
    upstream: 'int-38',
  }));
  const config = writeSiteConfig({
    folder,
    slackApiUrl: workspace.apiUrl,
    dovecot,
    devices: [{ name: 'int-38', ip: '127.0.38.1', room: '201' }, ...near],
    thresholds: [{ count: 1, within: '30m' }],
    // A device that is off the network answers no ping, however long it is waited for.
    diagnosis: { pings: 2, timeout: '400ms' },
    int38: {
      server: int38,
      atOnce: 4,
      allow: allowed(folder),
      logs: [
        { adapter: 'ansible', path: at('ansible-log/*.jsonl') },
        { adapter: 'ftpsync', path: at('home/.local/log/ftpsync/ftpsync*.log') },
      ],
    },
  });
  await startUp(owner, { config, env: siteEnv(dovecot, null) });
  return { ...surroundings, int38, at, packageFile, incoming, devices };
}

function allowed(folder: string) {
  const nodes = String.raw`client-\d+(,client-\d+)*`;
  const clushFlags = [
    '-S',
    { name: '-o', value: `-F ${folder}/int-38/ssh_config` },
    { name: '-w', value: nodes },
    { name: '-c', value: `${folder}/[a-z0-9.-]+` },
    { name: '--dest', value: `${folder}/incoming/` },
  ];
  return [
    {
      program: 'rsync',
      flags: [
        '-a',
        { name: '--timeout', value: String.raw`\d+` },
        { name: '-e', value: `${folder}/int-38/remote-shell` },
      ],
      arguments: [`${folder}/[a-z0-9.-]+`, `client-\\d+:${folder}/incoming/`],
    },
    { program: 'clush', flags: clushFlags },
    {
      program: '/usr/bin/ansible-playbook',
      flags: [
        { name: '-e', value: 'restage_package=[a-z0-9.-]+' },
        { name: '--limit', value: nodes },
      ],
      arguments: ['edge-agent\\.yml'],
      directories: [`${folder}/int-38/ansible`],
    },
    { program: 'ftpsync', arguments: ['sync:(all|stage1|stage2)'] },
    ...allowedWays(folder),
  ];
}
