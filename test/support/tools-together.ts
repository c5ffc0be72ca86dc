import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';

/** Where the tools run, and for whom. */
export interface Ground {
  /** A path on the distribution server. */
  readonly at: (file: string) => string;
  readonly recorder: string;
  /** Where packages are put on each device. */
  readonly incoming: string;
  /** Holds the packages. */
  readonly folder: string;
  readonly healthy: string;
  readonly broken: string;
  /** Comes after the broken one, and is not reached if that stops the run. */
  readonly late: string;
}

/** A way to distribute a package that fails for one device, and what is to run for whom it failed. */
export interface Way {
  /** Also the job's name, and the beginning of the package's. */
  readonly name: string;
  readonly distribute: string;
  readonly again: readonly string[];
  /** Whether the late device lacks it too. */
  readonly missesLate?: true;
}

const words = (text: string) => text.split(' ');
export const packageOf = (name: string) => `${name}-1.0.deb`;

/** Writes what the tools need beside their arguments: groups, files of hosts, scripts, playbooks. */
export function prepareWays({ at, incoming, healthy, broken, late }: Ground): void {
  mkdirSync(at('lists'));
  mkdirSync(at('playbooks/plugins'), { recursive: true });
  copyFileSync('src/recorder/ansible/restage.py', at('playbooks/plugins/restage.py'));
  const both = `${healthy}\n${broken}\n`;
  writeFileSync(at('lists/hosts'), both);
  writeFileSync(at('lists/genders'), `${healthy} eu,pdsh\n${broken} eu,pdsh\n`);
  const groups = ['[Main]', 'default: site', '[site]', `map: cat ${at('lists/hosts')}`];
  writeFileSync(
    at('lists/groups.conf'),
    `${groups.join('\n')}\nall: cat ${at('lists/hosts')}\nlist: echo eu\n`,
  );
  const copy = `scp -q -F ${at('ssh_config')} "$file" "$host:$SITE_INCOMING/"`;
  const loop = [`do`, `  ${copy} || { echo "$host: failed"; code=1; }`, 'done', 'exit $code', ''].join('\n');
  writeFileSync(at('fan'), `#!/bin/sh\nfile=$5\nfor host in $(echo "$4" | tr , ' '); ${loop}`, {
    mode: 0o755,
  });
  const here = `#!/bin/sh\nSITE_INCOMING=${incoming}\nfile=$1\nshift 2\nfor host in "$@"; `;
  writeFileSync(at('spread'), here + loop, { mode: 0o755 });
  writeFileSync(
    at('playbooks/ansible.cfg'),
    `[defaults]\ninventory = test-hosts\ncallback_plugins = ${at('playbooks/plugins')}\ncallbacks_enabled = restage\n` +
      `[ssh_connection]\nssh_args = -F ${at('ssh_config')}\n[callback_restage]\nlog_dir = ${at('ansible-log')}\n`,
  );
  writeFileSync(at('playbooks/test-hosts'), 'nobody\n');
  writeFileSync(at('playbooks/prod-hosts'), `${both}${late}\n`);
}

/** All of them run in one directory of the server, by one user; each has a package of its own. */
export function waysOf({ at, recorder, incoming, folder, healthy, broken, late }: Ground): readonly Way[] {
  const both = `${healthy},${broken}`;
  const fileOf = (name: string) => `${folder}/${packageOf(name)}`;
  const copyTo = (name: string) => `scp -q -F ${at('ssh_config')} ${fileOf(name)} %h:${incoming}/`;
  const record = (name: string, command: string, more = '') =>
    `${recorder} --job ${name} --package ${packageOf(name)} ${more} --unnamed succeeded -- ${command}`;
  const pdshFailed = `--recipient ${broken} --failed-pattern '^pdsh@[^:]*: ([^:]+): '`;
  const clushFailed = `--recipient ${broken} --failed-pattern '^clush: ([^:]+): exited with'`;
  const ownFailed = `--recipients ${both} --failed-pattern '^([^:]+): failed'`;

  const pdsh = (name: string, wrapper: string, selector: string): Way => {
    const [before, after] = [`${wrapper}pdsh -S -R exec`, copyTo(name)];
    const rest = selector.replace(/ ?(?:-a|-g eu|-w \^\S+)$/, '');
    const again = [before, ...(rest === '' ? [] : [rest]), `-w ${broken}`, after].join(' ');
    return {
      name,
      distribute: record(name, `${before} ${selector} ${after}`, pdshFailed),
      again: words(again),
    };
  };
  const clush = (name: string, wrapper: string, selector: string): Way => {
    const before = [...words(`${wrapper}clush -S`), '-o', `-F ${at('ssh_config')}`];
    const after = words(`-c ${fileOf(name)} --dest ${incoming}/`);
    const all = [...before, ...words(selector), ...after].map((word) => `'${word}'`).join(' ');
    const rest = words(selector).filter((word) => word.startsWith('--groupsconf'));
    const again = [...before, ...rest, '-w', broken, ...after];
    return { name, distribute: record(name, all, clushFailed), again };
  };
  const ansible = (name: string, play: object): Way => {
    const look = { name: 'Look', 'ansible.builtin.raw': 'true' };
    const copy = { name: 'Copy', 'ansible.builtin.copy': { src: fileOf(name), dest: `${incoming}/` } };
    const whole = { name, hosts: 'all', gather_facts: false, ...play, tasks: [look, copy] };
    writeFileSync(at(`playbooks/${name}.yml`), JSON.stringify([whole]));
    const rest = `${name}.yml -e restage_package=${packageOf(name)}`;
    return {
      name,
      distribute: `cd ${at('playbooks')} && ANSIBLE_INVENTORY=${at('playbooks/prod-hosts')} ansible-playbook ${rest}`,
      again: words(`/usr/bin/ansible-playbook --limit ${broken},${late} ${rest}`),
      missesLate: true,
    };
  };
  const groups = `--groupsconf=${at('lists/groups.conf')}`;
  const script = (list: string) =>
    `set -e; cd ${at('lists')} && pdsh -S -R exec -w ${list} ${copyTo('in-script')}`;
  return [
    pdsh('genders', 'sudo -n ', `-F ${at('lists/genders')} -g eu`),
    pdsh('file', 'env LC_ALL=C ', `-w ^${at('lists/hosts')}`),
    pdsh('all', 'nice -n 5 ', `-F ${at('lists/genders')} -a`),
    clush('group', 'timeout 60 ', `${groups} -g eu`),
    clush('at-group', '', `${groups} -w @eu`),
    clush('everybody', 'sudo -n timeout 60 env LC_ALL=C nice ', `${groups} -a`),
    clush('hostfile', '', `--hostfile ${at('lists/hosts')}`),
    {
      name: 'in-script',
      distribute: record('in-script', `bash -c '${script('^hosts')}'`, pdshFailed),
      again: ['bash', '-c', script(broken)],
    },
    {
      name: 'fan',
      distribute: `SITE_INCOMING=${incoming} ${record('fan', `${at('fan')} --via ${healthy} --to ${both} ${fileOf('fan')}`, `${ownFailed} --list=--to`)}`,
      again: words(`${at('fan')} --via ${healthy} --to ${broken} ${fileOf('fan')}`),
    },
    {
      name: 'spread',
      distribute: record('spread', `${at('spread')} ${fileOf('spread')} to ${healthy} ${broken}`, ownFailed),
      again: words(`${at('spread')} ${fileOf('spread')} to ${broken}`),
    },
    ansible('any-errors-fatal', { any_errors_fatal: true, serial: [1, 2] }),
    ansible('serial', { serial: 1 }),
  ];
}

/** What may run again of these ways. */
export function allowedWays(folder: string): readonly object[] {
  const own = `${folder}/int-38`;
  const nodes = String.raw`client-\d+(,client-\d+)*`;
  const file = `${folder}/[a-z0-9.-]+`;
  const flags = [
    ...['-S', '-q', '-n'],
    { name: '-R', value: 'exec' },
    { name: '-F', value: `${own}/(ssh_config|lists/genders)` },
    { name: '-w', value: nodes },
    { name: '-o', value: `-F ${own}/ssh_config` },
    { name: '-c', value: file },
    { name: '--dest', value: `${folder}/incoming/` },
    { name: '--groupsconf', value: `${own}/lists/groups.conf` },
  ];
  const tools = ['timeout', '60', 'env', 'LC_ALL=C', 'nice', '5', 'pdsh', 'clush', 'scp'];
  const copies = { flags, arguments: [...tools, file, `%h:${folder}/incoming/`] };
  return [
    ...['pdsh', 'clush', 'timeout', 'sudo', 'env', 'nice'].map((program) => ({ program, ...copies })),
    {
      program: 'bash',
      flags: ['-c'],
      arguments: [`set -e; cd ${own}/lists && pdsh -S -R exec -w ${nodes} scp -q [^;&|$\`<>]*`],
    },
    {
      program: `${own}/fan`,
      flags: [
        { name: '--via', value: String.raw`client-\d+` },
        { name: '--to', value: nodes },
      ],
      arguments: [file],
      environment: [{ name: 'SITE_INCOMING', is: `${folder}/incoming` }],
    },
    { program: `${own}/spread`, arguments: [file, 'to', String.raw`client-\d+`], list: 'arguments' },
    {
      program: '/usr/bin/ansible-playbook',
      flags: [
        { name: '-e', value: 'restage_package=[a-z0-9.-]+' },
        { name: '--limit', value: nodes },
      ],
      arguments: ['(any-errors-fatal|serial)\\.yml'],
      directories: [`${own}/playbooks`],
      environment: [{ name: 'ANSIBLE_INVENTORY', is: `${own}/playbooks/prod-hosts` }],
    },
  ];
}
