import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { readAlertMail } from '../../src/alert/read-alert-mail.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { fixturesReceivedAt, listFixtures, readFixture } from '../support/mail-fixtures.ts';

const policy = {
  domains: ['example.net'],
  nodes: ['int-*'],
  relays: ['ansible@dist-01.core.example.net', 'mgmt'],
  rejectSubjectWords: [],
};
const formats = compileFormats(Object.values(shippedFormats));

const edgeAgent = 'edge-agent_4.12.3_amd64.deb';
const geoDb = 'geo-db_2026.11.2_amd64.deb';
const billing = 'billing-gw_2.8.1-2_amd64.deb';
const [edgeJob, geoJob, billingJob] = [
  'distribute-edge-agent.yml',
  'distribute-geo-db.yml',
  'rollout-billing-gw.yml',
];
const [pushJob, checkJob] = ['push-small-packages.yml', 'postcheck.yml'];
const notWritable = 'Destination /srv/dist/packages not writable';
const notSent = (host: string, why: string): string =>
  `Data could not be sent to remote host "${host}". Make sure this host can be reached over ssh: ${why}`;
const kexReset =
  'Failed to connect to the host via ssh: kex_exchange_identification: read: Connection reset by peer';
const keyRefused =
  'Failed to connect to the host via ssh: deploy@int-71.apac.example.net: Permission denied (publickey,password).';
const heldBroken = 'E: Unable to correct problems, you have held broken packages.';
const notInstalled = 'dpkg-query: no packages found matching edge-agent';
const notFound =
  "Could not find or access '/srv/mirror/pkg/cdn-cache_1.9.1_amd64.deb' on the Ansible Controller.";

type Row = readonly [
  device: string,
  packageName: string | null,
  failure: string,
  announced: string,
  job: string,
];

/** Written by reading the mails: what each says, whatever its file is called. */
const expected: Readonly<Record<string, readonly Row[]>> = {
  '01': [['int-71.apac.example.net', 'edge-agent', 'access', keyRefused, edgeJob]],
  '02': [['int-12.apac.example.net', edgeAgent, 'access', notWritable, edgeJob]],
  '03': [['int-58.apac.example.net', edgeAgent, 'access', notWritable, edgeJob]],
  '04': [
    [
      'int-38.eu.example.net',
      edgeAgent,
      'package',
      "Failed to replace file: b'/home/deploy/.ansible/tmp/ansible-tmp-1795439422.236066-1414-42521033066770/source' to /srv/dist/packages/edge-agent_4.12.3_amd64.deb: [Errno 28] No space left on device: b'/home/deploy/.ansible/tmp/ansible-tmp-1795439422.236066-1414-42521033066770/source' -> b'/srv/dist/packages/.ansible_tmp0focy_l3edge-agent_4.12.3_amd64.deb'",
      edgeJob,
    ],
  ],
  '05': [
    [
      'int-66.eu.example.net',
      'edge-agent',
      'connection',
      'Failed to connect to the host via ssh: ssh: connect to host int-66.eu.example.net port 22: No route to host',
      edgeJob,
    ],
  ],
  '06': [
    [
      'int-07.us-west.example.net',
      'geo-db',
      'connection',
      notSent('int-07.us-west.example.net', '[Errno 32] Broken pipe. [Errno 32] Broken pipe'),
      geoJob,
    ],
  ],
  '07': [
    [
      'int-71.apac.example.net',
      'geo-db',
      'access',
      notSent(
        'int-71.apac.example.net',
        'deploy@int-71.apac.example.net: Permission denied (publickey,password).',
      ),
      geoJob,
    ],
  ],
  '08': [
    ['int-58.apac.example.net', geoDb, 'access', 'Destination /srv/dist/packages is not writable', geoJob],
  ],
  '09': [
    ['int-12.apac.example.net', geoDb, 'access', 'Destination /srv/dist/packages is not writable', geoJob],
  ],
  '10': [
    [
      'int-38.eu.example.net',
      geoDb,
      'package',
      "Failed to replace file: /home/deploy/.ansible/tmp/ansible-moduletmp-1795439427.4665227-d45_kffi/tmpcoxl_m32 to /srv/dist/packages/geo-db_2026.11.2_amd64.deb: [Errno 28] No space left on device: b'/home/deploy/.ansible/tmp/ansible-moduletmp-1795439427.4665227-d45_kffi/tmpcoxl_m32' -> b'/srv/dist/packages/.ansible_tmpzhtpkoqegeo-db_2026.11.2_amd64.deb'",
      geoJob,
    ],
  ],
  '11': [
    [
      'int-66.eu.example.net',
      'geo-db',
      'connection',
      notSent(
        'int-66.eu.example.net',
        'ssh: connect to host int-66.eu.example.net port 22: No route to host',
      ),
      geoJob,
    ],
  ],
  '12': [
    [
      'int-19.us-east.example.net',
      'geo-db',
      'connection',
      notSent(
        'int-19.us-east.example.net',
        'ssh: connect to host int-19.us-east.example.net port 22: Connection timed out',
      ),
      geoJob,
    ],
  ],
  '13': [['int-33.us-west.example.net', geoDb, 'package', 'Request failed', geoJob]],
  '14': [['int-41.eu.example.net', geoDb, 'package', 'Request failed', geoJob]],
  '15': [['int-23.sa.example.net', geoDb, 'package', 'Request failed', geoJob]],
  '16': [
    [
      'int-33.us-west.example.net',
      billing,
      'package',
      'The checksum for /srv/dist/packages/billing-gw_2.8.1-2_amd64.deb did not match 0f343b0931126a20f133d67c2b018a3b5d7f1c1a1d1f9e4a6d7f3a9e0b1c2d3e; it was f5f64f106bb71b4997b342a0bb9f174ca24d4b3df99ae9116baa0d842022c78c.',
      billingJob,
    ],
  ],
  '17': [['int-41.eu.example.net', billing, 'package', heldBroken, billingJob]],
  '18': [
    [
      'int-23.sa.example.net',
      billing,
      'package',
      'Dependency is not satisfiable: libfoo-transport3 (>= 3.2)',
      billingJob,
    ],
  ],
  // A loop: the mail also dumps an item that failed on int-58 only; the results name the one that failed here.
  '23': [['int-41.eu.example.net', 'cdn-cache_1.9.1_amd64.deb', 'package', notFound, pushJob]],
  // A loop in which three items failed on this host.
  '24': [
    ['int-58.apac.example.net', 'cdn-cache_1.9.0~rc2_amd64.deb', 'access', notWritable, pushJob],
    ['int-58.apac.example.net', 'cdn-cache_1.9.1_amd64.deb', 'package', notFound, pushJob],
    ['int-58.apac.example.net', 'voice-prompts-jp_20261120_amd64.deb', 'access', notWritable, pushJob],
  ],
  '27': [['int-41.eu.example.net', 'edge-agent', 'package', notInstalled, checkJob]],
  '28': [
    [
      'int-33.us-west.example.net',
      'edge-agent',
      'connection',
      'Timeout when waiting for 127.0.0.1:8443',
      checkJob,
    ],
  ],
  '29': [['int-23.sa.example.net', null, 'package', "Failed due to 'failed_when' condition", checkJob]],
  // From names mgmt.apac, but the run was started on dist-01, as the Message-ID says.
  '37': [['int-71.apac.example.net', 'edge-agent', 'access', keyRefused, edgeJob]],
  '38': [['int-12.apac.example.net', edgeAgent, 'access', notWritable, edgeJob]],
  '39': [['int-58.apac.example.net', edgeAgent, 'access', notWritable, edgeJob]],
  '40': [['int-38.eu.example.net', 'edge-agent', 'connection', kexReset, edgeJob]],
  '42': [['int-58.apac.example.net', 'edge-agent', 'connection', kexReset, edgeJob]],
};

describe('mail of the Ansible mail callback', () => {
  test.each(listFixtures('ansible'))(
    '%s says which device failed, with which package, in which job',
    async (path) => {
      const reading = readAlertMail(
        await readFixture(path),
        fixturesReceivedAt,
        policy,
        formats,
        inventoryOf(),
      );
      expect(reading).toMatchObject({ state: 'accepted', format: 'ansible-mail' });
      const rows = reading.alerts.map(({ device, package: name, failure, announced, job }) => [
        device,
        name,
        failure,
        announced,
        job,
      ]);
      const number = /\/(\d\d)/.exec(path)?.[1] ?? '';
      expect(rows).toEqual(
        expected[number]?.map(([device, name, failure, announced, job]) => [
          device,
          name,
          failure,
          announced.slice(0, 500),
          job,
        ]),
      );
      expect(reading.alerts.map(({ distributionServer }) => distributionServer)).toEqual(
        rows.map(() => 'dist-01'),
      );
    },
  );

  test('the device has the name that the inventory gives it, and its region', async () => {
    const known = inventoryOf({ name: 'int-71', fqdn: 'int-71.apac.example.net', region: 'apac' });
    const [path = ''] = listFixtures('ansible');
    const reading = readAlertMail(await readFixture(path), fixturesReceivedAt, policy, formats, known);
    expect(reading.alerts).toEqual([
      {
        alertId: null,
        region: 'apac',
        device: 'int-71',
        recipient: null,
        domain: 'dist-01.core.example.net',
        package: 'edge-agent',
        failure: 'access',
        announced: keyRefused,
        distributionServer: 'dist-01',
        job: edgeJob,
        attempt: 1,
        building: null,
        room: null,
        at: new Date('2026-11-23T13:10:22Z'),
      },
    ]);
  });
});
