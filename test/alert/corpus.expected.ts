import type { AlertFields } from '../../src/domain/alert.ts';
import type { MailState } from '../../src/domain/mail.ts';

/** What a mail says about one failure, for a person who reads it. `at` is the sender's clock, in UTC. */
type ExpectedAlert = Pick<
  AlertFields,
  'region' | 'device' | 'domain' | 'package' | 'failure' | 'distributionServer' | 'job'
> & { readonly at: string };

export interface Expected {
  readonly outcome: MailState;
  readonly gate: string;
  readonly reason: string;
  readonly format: string | null;
  readonly alerts: readonly ExpectedAlert[];
  readonly recovered: readonly (readonly [device: string, job: string])[];
}

type Row = readonly [
  at: string,
  device: string,
  packageName: string | null,
  failure: 'access' | 'connection' | 'package',
  more?: Partial<ExpectedAlert>,
];

const regionOf: Readonly<Record<string, string>> = {
  'int-07': 'us-west',
  'int-12': 'apac',
  'int-19': 'us-east',
  'int-23': 'sa',
  'int-33': 'us-west',
  'int-38': 'eu',
  'int-41': 'eu',
  'int-58': 'apac',
  'int-66': 'eu',
  'int-71': 'apac',
};
const hub = 'dist-01.core.example.net';

function accepted(format: string, rows: readonly Row[], all: Partial<ExpectedAlert> = {}): Expected {
  const alerts = rows.map(([time, device, packageName, failure, more]) => {
    const region = regionOf[device] ?? null;
    return {
      region,
      device,
      // A node's own mail comes from its own domain, and it runs its own jobs.
      domain: `${device}.${region}.example.net`,
      package: packageName,
      failure,
      distributionServer: device,
      job: null,
      at: `2026-11-23T${time}.000Z`,
      ...all,
      ...more,
    };
  });
  return {
    outcome: 'accepted',
    gate: 'node',
    reason: acceptedBecause(alerts),
    format,
    alerts,
    recovered: [],
  };
}

/** The hub and the second controller report for others; every other sender stands on the list itself. */
function acceptedBecause([first]: readonly ExpectedAlert[]): string {
  const isRelayed = first?.domain === hub || first?.domain === 'mgmt.apac.example.net';
  return isRelayed ? 'reporting-node-listed' : 'node-listed';
}

function ignored(format: string, reason: string, recovered: Expected['recovered'] = []): Expected {
  return { outcome: 'ignored', gate: 'format', reason, format, alerts: [], recovered };
}

function rejected(reason: string): Expected {
  return { outcome: 'rejected', gate: 'subject', reason, format: null, alerts: [], recovered: [] };
}

const ansible = (job: string, rows: readonly Row[], domain = hub): Expected =>
  accepted('ansible-mail', rows, { domain, distributionServer: 'dist-01', job });
const ftpsync = (job: string, row: Row): Expected => accepted('ftpsync', [row], { job });
const cron = (job: string, row: Row): Expected => accepted('cron', [row], { job });
const hubCron = (format: string, job: string, rows: readonly Row[]): Expected =>
  accepted(format, rows, { domain: hub, distributionServer: 'dist-01', job });
const nagios = (row: Row): Expected => accepted('nagios', [row], { domain: hub, distributionServer: null });

const [edgeAgent, geoDb] = ['edge-agent_4.12.3_amd64.deb', 'geo-db_2026.11.2_amd64.deb'];
const [billing, voice] = ['billing-gw_2.8.1-2_amd64.deb', 'voice-prompts-jp_20261120_amd64.deb'];
const [cache0, cache1] = ['cdn-cache_1.9.0~rc2_amd64.deb', 'cdn-cache_1.9.1_amd64.deb'];
const [edge, geo, rollout] = ['distribute-edge-agent.yml', 'distribute-geo-db.yml', 'rollout-billing-gw.yml'];
const [push, postcheck] = ['push-small-packages.yml', 'postcheck.yml'];
const mgmt = 'mgmt.apac.example.net';
const roll = 'roll.yml';
const geoNext = 'geo-db_2026.11.3_amd64.deb';
const [copyAll, checkSums, installOne] = [
  'cd /srv/mirror && cp -v pkg/*.deb /srv/dist/packages/',
  'cd /srv/dist/packages && sha256sum -c SHA256SUMS',
  'install -m 644 /srv/mirror/pkg/edge-agent_4.12.3_amd64.deb /srv/dist/',
];

/**
 * Written by reading the mails, by folder and by the number in the file's name: who has the problem, with what, told by
 * whom. What a mail does not say is null.
 */
export const expected: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  ansible: {
    '01': ansible(edge, [['13:10:22', 'int-71', 'edge-agent', 'access']]),
    '02': ansible(edge, [['13:10:24', 'int-12', edgeAgent, 'access']]),
    '03': ansible(edge, [['13:10:24', 'int-58', edgeAgent, 'access']]),
    '04': ansible(edge, [['13:10:24', 'int-38', edgeAgent, 'package']]),
    '05': ansible(edge, [['13:10:25', 'int-66', 'edge-agent', 'connection']]),
    '06': ansible(geo, [['13:10:26', 'int-07', 'geo-db', 'connection']]),
    '07': ansible(geo, [['13:10:26', 'int-71', 'geo-db', 'access']]),
    '08': ansible(geo, [['13:10:27', 'int-58', geoDb, 'access']]),
    '09': ansible(geo, [['13:10:27', 'int-12', geoDb, 'access']]),
    '10': ansible(geo, [['13:10:27', 'int-38', geoDb, 'package']]),
    '11': ansible(geo, [['13:10:29', 'int-66', 'geo-db', 'connection']]),
    '12': ansible(geo, [['13:10:30', 'int-19', 'geo-db', 'connection']]),
    '13': ansible(geo, [['13:10:31', 'int-33', geoDb, 'package']]),
    '14': ansible(geo, [['13:10:31', 'int-41', geoDb, 'package']]),
    '15': ansible(geo, [['13:10:31', 'int-23', geoDb, 'package']]),
    '16': ansible(rollout, [['13:10:32', 'int-33', billing, 'package']]),
    '17': ansible(rollout, [['13:10:34', 'int-41', billing, 'package']]),
    '18': ansible(rollout, [['13:10:36', 'int-23', billing, 'package']]),
    // A loop: the mail also dumps an item that failed on int-58 only; the results name the one that failed here.
    '23': ansible(push, [['13:10:44', 'int-41', cache1, 'package']]),
    // A loop in which three items failed on this host.
    '24': ansible(push, [
      ['13:10:44', 'int-58', cache0, 'access'],
      ['13:10:44', 'int-58', cache1, 'package'],
      ['13:10:44', 'int-58', voice, 'access'],
    ]),
    '27': ansible(postcheck, [['13:10:46', 'int-41', 'edge-agent', 'package']]),
    '28': ansible(postcheck, [['13:10:49', 'int-33', 'edge-agent', 'connection']]),
    // Too little space on the disk, for whatever package comes next.
    '29': ansible(postcheck, [['13:10:50', 'int-23', null, 'package']]),
    // From names the second controller, but the run was started on the hub, as the Message-ID says.
    '37': ansible(edge, [['13:11:01', 'int-71', 'edge-agent', 'access']], mgmt),
    '38': ansible(edge, [['13:11:03', 'int-12', edgeAgent, 'access']], mgmt),
    '39': ansible(edge, [['13:11:03', 'int-58', edgeAgent, 'access']], mgmt),
    '40': ansible(edge, [['13:06:14', 'int-38', 'edge-agent', 'connection']]),
    '42': ansible(edge, [['13:06:14', 'int-58', 'edge-agent', 'connection']]),
  },

  // Of a task with async the callback tells twice; it also repeats the items of a loop that failed before.
  'ansible-async': {
    '01': ignored('ansible-mail', 'told-by-its-task'),
    '02': ansible(roll, [['13:20:02', 'int-38', 'b_2.0.deb', 'access']]),
    '03': ansible(roll, [['13:20:03', 'int-38', geoNext, 'package']]),
    '04': ansible(roll, [['13:20:04', 'int-38', 'größe-übersicht_1.0_all.deb', 'package']]),
    '05': ignored('ansible-mail', 'told-by-its-task'),
    '06': ansible(roll, [['13:20:06', 'int-38', null, 'package']]),
    '07': ignored('ansible-mail', 'told-by-its-task'),
    '08': ansible(roll, [['13:20:08', 'int-38', null, 'package']]),
    '09': ansible(roll, [['13:20:09', 'int-38', 'edge-agent_9.deb', 'package']]),
  },

  // What cp, sha256sum, install, rsync and dpkg print in several languages.
  'cron-output': {
    '01': cron(copyAll, ['13:07:02', 'int-38', geoNext, 'package']),
    '02': cron(copyAll, ['13:07:02', 'int-38', geoNext, 'package']),
    '03': cron(copyAll, ['13:07:02', 'int-38', geoNext, 'package']),
    '04': cron(checkSums, ['13:07:02', 'int-38', geoNext, 'package']),
    '05': cron(checkSums, ['13:07:02', 'int-38', geoNext, 'package']),
    '06': cron(checkSums, ['13:07:02', 'int-38', geoNext, 'package']),
    '07': cron(checkSums, ['13:07:02', 'int-38', geoNext, 'package']),
    '08': cron(installOne, ['13:07:02', 'int-38', edgeAgent, 'access']),
    '09': cron(installOne, ['13:07:02', 'int-38', edgeAgent, 'access']),
    '10': cron(installOne, ['13:07:02', 'int-38', edgeAgent, 'access']),
    '11': cron('cp /srv/mirror/pkg/voice_1.deb /srv/x/', [
      '13:07:02',
      'int-38',
      'nope_1.0_all.deb',
      'package',
    ]),
    '12': accepted('mailx', [['13:07:02', 'int-38', geoNext, 'package']]),
    // What is excluded is no package that was meant.
    '13': cron(
      'rsync -a --exclude=*.deb --exclude geo-db_1.0_all.deb dist-01.core.example.net::pkg/ /srv/dist/',
      ['13:07:02', 'int-38', null, 'connection'],
    ),
    '14': cron('rsync -av /srv/mirror/pkg/ /srv/dist/', ['13:07:02', 'int-38', geoNext, 'package']),
    '15': cron('test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )', [
      '13:07:02',
      'int-38',
      geoNext,
      'package',
    ]),
    '16': cron('dpkg -i /srv/dist/incoming/*.deb', ['13:07:02', 'int-38', edgeAgent, 'package']),
  },

  // A hook that fails sends its exit code and then the log: both are one kind of failure.
  'ftpsync-hook': {
    '01': ftpsync('ftpsync', ['13:07:02', 'int-38', null, 'package']),
    '02': ftpsync('ftpsync', ['13:07:02', 'int-38', null, 'package']),
  },

  ftpsync: {
    '01': ftpsync('ftpsync', ['13:10:21', 'int-38', 'rsync_3.5.0+ds1-0+deb12u1_amd64.deb', 'package']),
    // Only rsync's exit code: 11 is file I/O.
    '02': ftpsync('ftpsync', ['13:10:21', 'int-38', null, 'package']),
    '03': ignored('ftpsync', 'recovery', [['int-41', 'ftpsync-security']]),
    '04': ignored('ftpsync', 'recovery', [['int-41', 'ftpsync']]),
    // rsync came back with 0; the script itself failed.
    '05': ftpsync('ftpsync', ['13:10:25', 'int-58', null, 'package']),
    '06': ftpsync('ftpsync', ['13:10:21', 'int-58', null, 'access']),
    '07': ftpsync('ftpsync', ['13:10:25', 'int-12', null, 'access']),
    // 10 is socket I/O.
    '08': ftpsync('ftpsync', ['13:10:24', 'int-12', null, 'connection']),
    // No route to int-66: int-12 is the one that did not get its packages.
    '09': ftpsync('ftpsync', ['13:10:24', 'int-12', null, 'connection']),
    // 5 is a server that refuses to start.
    '10': ftpsync('ftpsync', ['13:10:25', 'int-12', null, 'access']),
    '13': ignored('ftpsync', 'recovery', [['int-23', 'ftpsync-interne']]),
    // The server refuses the module's folder; the mail after it, about the same run, knows only the exit code.
    '14': ftpsync('ftpsync-extras', ['13:10:25', 'int-23', null, 'access']),
    '15': ftpsync('ftpsync-extras', ['13:10:25', 'int-23', null, 'access']),
    '16': ftpsync('ftpsync', ['13:10:21', 'int-23', null, 'access']),
    '17': ftpsync('ftpsync', ['13:10:21', 'int-23', null, 'access']),
  },

  cron: {
    // The output names a file inside of the archive; what was to be delivered is the archive.
    '01': cron('tar -C /srv/dist/releases -xzf /srv/mirror/pkg/portal-assets-7.3.1.tar.gz', [
      '13:07:02',
      'int-38',
      'portal-assets-7.3.1.tar.gz',
      'package',
    ]),
    '02': cron('rsync -a --timeout=20 dist-01.core.example.net::internal/ /srv/dist/releases/', [
      '13:07:02',
      'int-38',
      billing,
      'package',
    ]),
    '03': cron(
      'cp /srv/mirror/pkg/geo-db_2026.11.2_amd64.deb /srv/dist/incoming/ && dpkg-deb -I /srv/dist/incoming/geo-db_2026.11.2_amd64.deb',
      ['13:07:02', 'int-38', geoDb, 'package'],
    ),
    '05': cron('cd /srv/mirror/pkg && dpkg-deb --fsys-tarfile edge-agent_4.12.4_amd64.deb >/dev/null', [
      '13:07:02',
      'int-41',
      'edge-agent_4.12.4_amd64.deb',
      'package',
    ]),
    // The file is not there; that the connection ends then is only what follows.
    '08': cron(
      'rsync -a dist-01.core.example.net::internal/edge-agent_4.13.0_amd64.deb /srv/dist/packages/',
      ['13:07:02', 'int-41', 'edge-agent_4.13.0_amd64.deb', 'package'],
    ),
    '09': cron('rsync -a dist-01.core.example.net::internal-v2/ /srv/dist/releases/', [
      '13:07:02',
      'int-41',
      null,
      'package',
    ]),
    '12': cron('/usr/bin/chronic rsync -rtv dist-01.core.example.net::restricted/ /srv/dist/incoming/', [
      '13:07:02',
      'int-58',
      null,
      'access',
    ]),
    // Seven files could not be written; the first package of them.
    '13': cron('rsync -rt --timeout=20 dist-01.core.example.net::internal/ /srv/dist/releases/', [
      '13:07:02',
      'int-58',
      billing,
      'access',
    ]),
    '14': hubCron(
      'cron-clush',
      'clush -q -t 6 -o "-l deploy" -w int-58.apac.example.net,int-71.apac.example.net,int-12.apac.example.net -c /srv/mirror/pkg/voice-prompts-jp_20261120_amd64.deb --dest /srv/dist/packages/',
      [
        ['13:07:02', 'int-58', voice, 'package'],
        ['13:07:02', 'int-12', voice, 'package'],
        ['13:07:02', 'int-71', voice, 'package'],
      ],
    ),
    '15': hubCron(
      'cron-clush',
      'clush -q -t 6 -o "-l deploy" -w int-38.eu.example.net,int-41.eu.example.net,int-07.us-west.example.net,int-66.eu.example.net -c /srv/mirror/pkg/geo-db_2026.11.2_amd64.deb --dest /srv/dist/packages/',
      [
        ['13:07:02', 'int-07', geoDb, 'package'],
        ['13:07:02', 'int-41', geoDb, 'package'],
        ['13:07:02', 'int-38', geoDb, 'package'],
        ['13:07:02', 'int-66', geoDb, 'package'],
      ],
    ),
    '17': hubCron(
      'cron-loop',
      'for h in int-38.eu int-41.eu int-66.eu; do rsync -az --timeout=15 -e "ssh -l deploy -o ConnectTimeout=5" /srv/mirror/pkg/billing-gw_2.8.1-2_amd64.deb $h.example.net:/srv/dist/incoming/ || echo "push billing-gw to $h failed with $?"; done',
      [
        ['13:07:05', 'int-38', billing, 'connection'],
        ['13:07:05', 'int-41', billing, 'connection'],
        ['13:07:05', 'int-66', billing, 'connection'],
      ],
    ),
  },

  // Who distributed the package, and in which job, Nagios does not say.
  nagios4: {
    '01': nagios(['13:11:17', 'int-07', null, 'connection']),
    '02': nagios(['13:11:27', 'int-41', null, 'connection']),
    // The host is called "Tokyo int-58": its address says which one it is.
    '03': nagios(['13:11:27', 'int-58', null, 'connection']),
    '04': nagios(['13:11:27', 'int-58', 'voice-prompts-jp', 'access']),
    '06': nagios(['13:11:27', 'int-41', 'edge-agent', 'package']),
    '07': nagios(['13:11:27', 'int-38', 'geo-db', 'package']),
    '10': nagios(['13:12:17', 'int-07', null, 'connection']),
  },

  'unattended-upgrades': {
    // dpkg names the package that failed; the other one was only kept back.
    '01': accepted(
      'unattended-upgrades',
      [['13:16:04', 'int-41', 'tzdata_2026f-0+deb12u1_all.deb', 'package']],
      { job: 'unattended-upgrades' },
    ),
    // From says dist-01, the subject and the mail's way say int-33. The lines of dpkg are of earlier runs.
    '03': accepted(
      'unattended-upgrades',
      [['13:16:06', 'int-33', 'edge-agent_4.12.5_amd64.deb', 'package']],
      { domain: hub, job: 'unattended-upgrades' },
    ),
  },

  'chronic-apt-mirror': {
    '01': accepted('chronic', [['13:15:26', 'int-23', null, 'package']], { job: 'apt-mirror' }),
  },
  'chronic-debmirror': {
    '01': accepted('chronic', [['13:14:35', 'int-41', null, 'package']], { job: 'debmirror' }),
    '03': accepted('chronic', [['13:14:42', 'int-38', null, 'package']], { job: 'debmirror' }),
  },
  'chronic-mailx': {
    // From says dist-01, the subject and the mail's way say int-33.
    '01': accepted('mailx', [['13:15:26', 'int-33', cache0, 'package']], {
      domain: hub,
      job: 'dpkg -i cdn-cache',
    }),
    '03': accepted('mailx', [['13:17:07', 'int-41', 'edge-agent_4.12.4_amd64.deb', 'package']], {
      job: 'edge-agent 4.12.4 verification',
    }),
  },

  encodings: {
    '01': accepted('mailx', [['13:15:26', 'int-38', 'Größe-Übersicht.csv', 'package']]),
    '03': accepted('mailx', [['13:15:26', 'int-23', 'fehlt.deb', 'package']]),
    '05': accepted('mailx', [['13:17:07', 'int-41', 'préparation-données_3.tar.gz', 'package']]),
    '07': accepted('mailx', [['13:17:07', 'int-12', 'für-köln.deb', 'package']]),
    '09': accepted('mailx', [['13:17:07', 'int-58', 'voice-prompts-jp', 'access']]),
  },

  apticron: { '01': ignored('apticron', 'pending-updates') },
  logwatch: { '01': ignored('logwatch', 'log-summary'), '02': ignored('logwatch', 'log-summary') },
  mdadm: { '01': ignored('mdadm', 'disk-array-event') },

  'reject/bounce-postfix': {
    '01': rejected('bounce'),
    '02': rejected('bounce'),
    '04': rejected('bounce'),
    '05': rejected('bounce'),
  },
  'reject/forward-mutt': { '01': rejected('forward'), '02': rejected('forward') },
  'reject/forward-neomutt': {
    '01': rejected('forward'),
    '02': rejected('forward'),
    '04': rejected('forward'),
    '05': rejected('forward'),
  },
  'reject/reply-bsd-mailx': { '01': rejected('reply') },
  'reject/reply-mutt': { '01': rejected('reply'), '02': rejected('reply') },
  'reject/reply-neomutt': {
    '01': rejected('reply'),
    '02': rejected('reply'),
    '04': rejected('reply'),
    '05': rejected('reply'),
  },
  'reject/resent-mutt': { '01': rejected('resent') },
  'reject/vacation': {
    '01': rejected('auto-reply'),
    '02': rejected('auto-reply'),
    '04': rejected('auto-reply'),
    '05': rejected('auto-reply'),
  },
};
