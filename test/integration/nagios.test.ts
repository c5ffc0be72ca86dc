import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { onPglite } from '../support/databases.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';
import { rule } from '../threshold/rules.ts';

/** As Debian's `notify-service-by-email` writes it. */
const serviceMail = String.raw`***** Nagios *****\n\nNotification Type: $NOTIFICATIONTYPE$\n\nService: $SERVICEDESC$\nHost: $HOSTALIAS$\nAddress: $HOSTADDRESS$\nState: $SERVICESTATE$\n\nDate/Time: $LONGDATETIME$\n\nAdditional Info:\n\n$SERVICEOUTPUT$\n`;
/** As Debian's `notify-host-by-email` writes it. */
const hostMail = String.raw`***** Nagios *****\n\nNotification Type: $NOTIFICATIONTYPE$\nHost: $HOSTNAME$\nState: $HOSTSTATE$\nAddress: $HOSTADDRESS$\nInfo: $HOSTOUTPUT$\n\nDate/Time: $LONGDATETIME$\n`;

/** Debian's Nagios 4, which is told results of checks and writes its mails into a folder. */
interface Nagios {
  readonly spool: string;
  /** 0 is well, 2 is critical. */
  service(name: string, state: 0 | 2, output: string): Promise<void>;
  /** 0 is up, 1 is down. */
  host(state: 0 | 1, output: string): Promise<void>;
  stop(): Promise<void>;
}

function writeObjects(folder: string, mailer: string): void {
  const anyTime = 'notification_period always\n check_period always\n notification_interval 1\n';
  const passive = `active_checks_enabled 0\n passive_checks_enabled 1\n max_check_attempts 1\n contacts ops\n ${anyTime}`;
  const service = (name: string) =>
    `define service {\n host_name int-58\n service_description ${name}\n is_volatile 1\n check_command none\n ${passive}}\n`;
  const command = (name: string, subject: string, body: string) =>
    `define command {\n command_name ${name}\n command_line /usr/bin/printf "%b" "${body}" | ${mailer} "${subject}"\n}\n`;
  writeFileSync(
    path.join(folder, 'objects.cfg'),
    'define timeperiod {\n timeperiod_name always\n alias always\n' +
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
        .map((day) => ` ${day} 00:00-24:00\n`)
        .join('') +
      '}\n' +
      'define command {\n command_name none\n command_line /bin/true\n}\n' +
      command(
        'mail-service',
        '** $NOTIFICATIONTYPE$ Service Alert: $HOSTALIAS$/$SERVICEDESC$ is $SERVICESTATE$ **',
        serviceMail,
      ) +
      command('mail-host', '** $NOTIFICATIONTYPE$ Host Alert: $HOSTNAME$ is $HOSTSTATE$ **', hostMail) +
      'define contact {\n contact_name ops\n alias ops\n email ops@example.net\n' +
      ' service_notification_period always\n host_notification_period always\n' +
      ' service_notification_options w,u,c,r\n host_notification_options d,u,r\n' +
      ' service_notification_commands mail-service\n host_notification_commands mail-host\n}\n' +
      `define host {\n host_name int-58\n alias int-58\n address 10.58.0.1\n check_command none\n ${passive}}\n` +
      service('Disk') +
      service('Mirror sync'),
  );
}

function writeMainConfig(folder: string): string {
  const file = path.join(folder, 'nagios.cfg');
  const at = (name: string) => path.join(folder, name);
  const settings = {
    cfg_file: at('objects.cfg'),
    log_file: at('nagios.log'),
    object_cache_file: at('objects.cache'),
    precached_object_file: at('objects.precache'),
    status_file: at('status.dat'),
    state_retention_file: at('retention.dat'),
    command_file: at('nagios.cmd'),
    lock_file: at('nagios.lock'),
    temp_file: at('nagios.tmp'),
    temp_path: folder,
    check_result_path: at('results'),
    query_socket: at('nagios.qh'),
    use_syslog: 0,
    check_external_commands: 1,
    interval_length: 1,
    enable_flap_detection: 0,
    retain_state_information: 0,
    ...(process.getuid?.() === 0 && { nagios_user: 'nagios', nagios_group: 'nagios' }),
  };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return file;
}

/**
 * What stands in for `/usr/bin/mail`: one file a mail, there at once or not at all, and dated a second after the one
 * before, as nothing recovers within the second in which it fails.
 */
function writeMailer(folder: string): string {
  const mailer = path.join(folder, 'mail.sh');
  const spool = path.join(folder, 'spool');
  writeFileSync(
    mailer,
    `#!/bin/bash
file=$(mktemp ${folder}/mail.XXXXXXXX)
{ printf 'From: nagios@int-38.example.net\\nTo: ops@example.net\\nSubject: %s\\nDate: %s\\nMessage-ID: <%s@int-38.example.net>\\n\\n' \\
  "$1" "$(date -R -d "+$(ls ${spool} | wc -l) seconds")" "\${file##*.}"; cat; } >"$file"
mv "$file" "${spool}/$(date +%s%N).eml"
`,
  );
  chmodSync(mailer, 0o755);
  return mailer;
}

async function startNagios(): Promise<Nagios> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-nagios-'));
  for (const name of ['spool', 'results']) mkdirSync(path.join(folder, name));
  for (const name of ['', 'spool', 'results']) chmodSync(path.join(folder, name), 0o777);
  writeObjects(folder, writeMailer(folder));
  const child = spawn('/usr/sbin/nagios4', [writeMainConfig(folder)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => said.push(piece));
  const lastWords = () => Buffer.concat(said).toString().slice(-2_000);
  await new Promise<void>((resolve, reject) => {
    const watcher = watch(folder, (_event, name) => {
      if (name === 'nagios.cmd') resolve();
    });
    child.once('exit', () => reject(new Error(`Nagios ended:\n${lastWords()}`)));
    child.once('exit', () => watcher.close());
  });
  const tell = (words: string) =>
    writeFile(path.join(folder, 'nagios.cmd'), `[${Math.floor(Date.now() / 1000)}] ${words}\n`, {
      flag: 'r+',
    });
  return {
    spool: path.join(folder, 'spool'),
    service: (name, state, output) => tell(`PROCESS_SERVICE_CHECK_RESULT;int-58;${name};${state};${output}`),
    host: (state, output) => tell(`PROCESS_HOST_CHECK_RESULT;int-58;${state};${output}`),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe('A17: the real Nagios 4', () => {
  const open = onPglite();
  let bench: Workbench;
  let nagios: Nagios;
  const taken = new Set<string>();

  beforeAll(async () => {
    const formats = compileFormats(Object.values(shippedFormats));
    const thresholds = [rule({ id: 'every', count: 2, withinMs: 600_000 })];
    bench = await createWorkbench(await open(), { formats, thresholds });
    nagios = await startNagios();
  });
  afterAll(async () => {
    await nagios.stop();
    await bench.close();
  });

  /** Resolves when a mail that says so has come in, and all before it. */
  async function untilMailed(...words: readonly string[]): Promise<void> {
    const changes = watch(nagios.spool);
    const changed = () => once(changes, 'change');
    try {
      for (;;) {
        const next = changed();
        const names = (await readdir(nagios.spool)).filter((name) => !taken.has(name)).toSorted();
        let isFound = false;
        for (const name of names) {
          taken.add(name);
          const source = readFileSync(path.join(nagios.spool, name));
          bench.pass(Date.now() - bench.now().getTime());
          await bench.receive({ source, via: 'imap:ops', receivedAt: bench.now() });
          await bench.work();
          isFound ||= words.every((word) => source.includes(word));
        }
        if (isFound) return;
        await next;
      }
    } finally {
      changes.close();
    }
  }
  const tickets = () => bench.deps.store.transaction((tx) => tx.ticketsIn(['open', 'resolved']));
  const states = async () => (await tickets()).map(({ failure, state }) => `${failure} ${state}`);

  it('tells of services and their host; each recovery clears what it names, and the last one closes the ticket', {
    timeout: 180_000,
  }, async () => {
    await nagios.service('Mirror sync', 2, 'CRITICAL - connection timed out');
    await untilMailed('PROBLEM', 'Mirror sync');
    await nagios.service('Disk', 2, 'DISK CRITICAL - connection timed out');
    await untilMailed('PROBLEM', 'Disk');
    expect(await states()).toEqual(['connection open']);
    await nagios.service('Disk', 2, 'DISK CRITICAL - connection timed out');
    await untilMailed('PROBLEM', 'Disk');
    await nagios.service('Mirror sync', 0, 'OK - in sync');
    await untilMailed('RECOVERY', 'Mirror sync');
    expect(await states()).toEqual(['connection open']);
    await nagios.host(1, 'CRITICAL - connection timed out');
    await untilMailed('PROBLEM', 'State: DOWN');
    await nagios.host(0, 'PING OK');
    await untilMailed('RECOVERY', 'State: UP');
    expect(await states()).toEqual(['connection open']);
    await nagios.service('Disk', 0, 'DISK OK');
    await untilMailed('RECOVERY', 'Disk');
    expect(await states()).toEqual(['connection resolved']);
  });
});
