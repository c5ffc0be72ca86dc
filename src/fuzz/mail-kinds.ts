import type { SeededRandom } from '../chaos/seeded-random.ts';
import { pick } from './cases.ts';
import { mutate } from './mutate.ts';

/** What one program mails: its subject, and lines of its output, which come in any number and order. */
interface MailKind {
  readonly subject: (node: string) => string;
  /** Lines by which the kind is known. */
  readonly first: (node: string) => readonly string[];
  readonly lines: (node: string) => readonly string[];
}

const toolLines = (node: string) => [
  `rsync: connection unexpectedly closed (0 bytes received so far) [sender]`,
  'rsync error: error in rsync protocol data stream (code 12) at io.c(285) [sender=3.5.0]',
  `/srv/dist/packages/geo-db_2026.11.2_amd64.deb: No space left on device`,
  `ssh: connect to host ${node} port 22: No route to host`,
  'sending incremental file list',
  '.geo-db_2026.11.2_amd64.deb',
  `rsync to ${node} failed with 12`,
  '',
];

const cron = (command: string) => (node: string) => `Cron <root@${node}> ${command}`;

/** A kind for each format that is shipped, and for programs that none knows. */
const kinds: Readonly<Record<string, MailKind>> = {
  plain: {
    subject: (node) => `[dist] FAILED: geo-db to ${node}`,
    first: (node) => [`Device: ${node}`, 'Failure: connection timed out'],
    lines: (node) => [
      `Alert-Id: ${node}-1`,
      `Device: ${node}`,
      'Failure: no space left on device',
      'Package: geo-db_2026.11.2_amd64.deb',
      'Region: eu',
      'Attempt: 2',
      'Building: B1',
      '',
    ],
  },
  cron: {
    subject: cron('rsync -a /srv/dist/geo-db_2026.11.2_amd64.deb int-38:/srv'),
    first: toolLines,
    lines: toolLines,
  },
  'cron with clush': {
    subject: cron('clush -a -S apt-get install geo-db'),
    first: (node) => [`clush: ${node}: exited with exit code 1`],
    lines: (node) => [
      `${node}: E: Unable to locate package geo-db`,
      `int-[07,38,40-44]: E: geo-db_2026.11.2_amd64.deb failed`,
      'clush: int-[07,38]: exited with exit code 100',
      'clush: int-40: command timeout',
    ],
  },
  'cron with a loop': {
    subject: cron('/usr/local/bin/push-all'),
    first: (node) => [`push to ${node} failed`],
    lines: toolLines,
  },
  'cron with Ansible': {
    subject: cron('ansible-playbook deploy.yml'),
    first: (node) => [`fatal: [${node}]: UNREACHABLE! => {"changed": false, "msg": "timed out"}`],
    lines: (node) => [
      'PLAY [deploy edge-agent] ****',
      'TASK [copy] ****',
      `failed: [${node}] (item=a.deb) => {"msg": "No space left on device", "item": "a.deb"}`,
      `fatal: [${node}]: FAILED! => {"msg": "Destination \\"/srv\\" not writable"}`,
      `${node} : ok=1 changed=0 unreachable=0 failed=1`,
    ],
  },
  Ansible: {
    subject: () => 'Failed: Destination /srv/dist/packages not writable',
    first: (node) => [
      'Playbook: deploy.yml',
      'Task: Copy edge-agent package to node',
      `Host: ${node}`,
      'The following task failed:',
    ],
    lines: () => [
      'with the following message:',
      '        Destination /srv/dist/packages not writable',
      '            "failed": true,',
      '            "item": "edge-agent_4.12.3_amd64.deb",',
      '            "msg": "Request failed",',
    ],
  },
  ftpsync: {
    subject: (node) => `[ftpsync@${node}] ERROR: rsync errors`,
    first: () => ['ERROR: Sync step 1 went wrong, got errorcode 10.'],
    lines: toolLines,
  },
  Nagios: {
    subject: (node) => `** PROBLEM Host Alert: ${node} is DOWN **`,
    first: (node) => ['Notification Type: PROBLEM', `Host: ${node}`, 'State: DOWN', 'Address: 192.0.2.1'],
    lines: () => ['Info: PING CRITICAL - Packet loss = 100%', 'Service: Package geo-db', 'Additional Info:'],
  },
  'a recovery of Nagios': {
    subject: (node) => `** RECOVERY Host Alert: ${node} is UP **`,
    first: (node) => ['Notification Type: RECOVERY', `Host: ${node}`, 'State: UP', 'Address: 192.0.2.1'],
    lines: () => ['Info: PING OK', 'Service: Package geo-db'],
  },
  Monit: {
    subject: (node) => `monit alert -- Connection failed ${node}`,
    first: (node) => [`Connection failed Service sshd`, `Host: ${node}`, 'Action: alert'],
    lines: () => [
      'Date: Mon, 23 Nov 2026 13:10:22',
      'Description: failed protocol test [SSH] at [localhost]:22',
    ],
  },
  'unattended-upgrades': {
    subject: (node) => `unattended-upgrades result for ${node}: FAILURE`,
    first: () => ['Unattended upgrade result: All upgrades installed'],
    lines: () => [
      'dpkg: error processing /var/cache/geo-db_2026.11.2_amd64.deb (--unpack):',
      'error message: trying to overwrite /usr/bin/a',
      'Packages that attempted to upgrade:',
      ' geo-db',
    ],
  },
  chronic: { subject: (node) => `debmirror on ${node} failed`, first: toolLines, lines: toolLines },
  'a script': {
    subject: (node) => `Verteilung geo-db fehlgeschlagen auf ${node}`,
    first: toolLines,
    lines: toolLines,
  },
  Alertmanager: {
    subject: (node) => `[FIRING:1] DistributionFailed ${node} (critical)`,
    first: (node) => ['Labels:', ' - alertname = DistributionFailed', ` - instance = ${node}`],
    lines: () => ['Annotations:', ' - summary = geo-db failed', 'Source: http://prometheus/graph'],
  },
};

/** How many lines a mail has: few mostly, seldom as many as are read. */
const lineCounts = [3, 3, 30, 30, 300, 5_000] as const;

const believed = ['int-38', 'int-58.eu', 'dist-01.core'] as const;

/** Returns a mail that is believed, of some program; its output, which strangers can shape, is mutated or only long. */
export function makeBelievedMail(index: number, random: SeededRandom, tokens: readonly string[]): Buffer {
  const kind = kinds[pick(random, Object.keys(kinds))];
  const server = `${pick(random, believed)}.example.net`;
  const node = `int-${random.between(1, 100)}`;
  const head = [
    `Received: by ${server} (Postfix, from userid 0)`,
    `From: root@${server} (Cron Daemon)`,
    `Subject: ${kind?.subject(node)}`,
    `Message-ID: <fuzz.${random.seed}.${index}@${server}>`,
    `Date: Mon, 23 Nov 2026 13:10:22 +0000`,
  ];
  const body = Buffer.from(outputOf(kind, node, random), 'latin1');
  const shown = random.between(0, 4) === 0 ? body : mutate(body, random, tokens);
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), shown]);
}

function outputOf(kind: MailKind | undefined, node: string, random: SeededRandom): string {
  if (!kind) return '';
  const lines = kind.lines(node);
  const more = Array.from({ length: random.between(0, pick(random, lineCounts)) }, () => pick(random, lines));
  return [...kind.first(node), ...more, ''].join('\r\n');
}
