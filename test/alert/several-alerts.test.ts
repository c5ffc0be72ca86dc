import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { expandNodes } from '../../src/alert/expand-nodes.ts';
import { readFormat } from '../../src/alert/read-format.ts';
import { plainFormat, shippedFormats } from '../../src/alert/shipped-formats.ts';
import type { AlertFormat } from '../../src/domain/policy.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { mailOf } from '../support/mail-of.ts';

const receivedAt = new Date('2026-11-23T13:00:00Z');
const inventory = inventoryOf({ name: 'int-38', fqdn: 'int-38.eu.example.net' });

function read(
  subject: string,
  text: string,
  formats: readonly AlertFormat[] = Object.values(shippedFormats),
) {
  const mail = mailOf({ subject, text, from: 'root@dist-01.core.example.net' });
  const reading = readFormat(mail, receivedAt, compileFormats(formats), inventory);
  const alerts = reading.state === 'accepted' ? reading.alerts : [];
  return {
    outcome: `${reading.state} ${reading.format}`,
    alerts: alerts.map(({ device, failure, announced }) => [device, failure, announced]),
  };
}

describe('a mail about several devices', () => {
  test("clush's mixed lines are one alert for each node whose command failed", () => {
    const text = `int-07.us-west.example.net: ssh: connect to host int-07.us-west.example.net port 22: Connection refused
int-71: Permission denied, please try again.
int-23: 4096 bytes copied
int-07.us-west.example.net: scp: Connection closed
clush: int-07.us-west.example.net: exited with exit code 255
int-71: deploy@int-71: Permission denied (publickey,password).
clush: 5/6           int-38.eu: ssh: connect to host int-38.eu port 22: No route to host
clush: int-71: exited with exit code 255
clush: 6/6clush: int-38.eu: exited with exit code 255
`;
    expect(read('Cron <root@dist-01> clush -a -c /srv/mirror/pkg/geo-db_1_amd64.deb', text)).toEqual({
      outcome: 'accepted cron-clush',
      alerts: [
        [
          'int-07.us-west.example.net',
          'connection',
          'ssh: connect to host int-07.us-west.example.net port 22: Connection refused',
        ],
        ['int-71', 'access', 'Permission denied, please try again.'],
        ['int-38', 'connection', 'ssh: connect to host int-38.eu port 22: No route to host'],
      ],
    });
  });

  test('clush folds the nodes that failed alike', () => {
    const text = `clush: int-[07,38].eu.example.net (2): exited with exit code 1
clush: int-[09-11],dist-[1-2] (5): command timeout
`;
    const { outcome, alerts } = read('Cron <root@dist-01> clush -b -a df', text);
    expect(outcome).toBe('accepted cron-clush');
    expect(alerts.map(([device]) => device)).toEqual([
      'int-07.eu.example.net',
      'int-38',
      'int-09',
      'int-10',
      'int-11',
      'dist-1',
      'dist-2',
    ]);
  });

  test('clush names many nodes in one line', () => {
    const names = Array.from({ length: 60 }, (_, index) => `node-${index}.site-${index}.example.net`);
    const { alerts } = read(
      'Cron <root@dist-01> clush -a df',
      `clush: ${names.join(',')} (60): command timeout\n`,
    );
    expect(alerts.map(([device]) => device)).toEqual(names);
  });

  test.each([
    ['int-38', ['int-38']],
    ['a,b', ['a', 'b']],
    ['n[1-7/3]', ['n1', 'n4', 'n7']],
    ['r[1-2]n[08-10].eu', ['r1n08.eu', 'r1n09.eu', 'r1n10.eu', 'r2n08.eu', 'r2n09.eu', 'r2n10.eu']],
    ['n[3-1]', []],
    ['n[x]', ['n[x]']],
    ['', []],
  ])('the list %s is %j', (list, nodes) => {
    expect(expandNodes(list)).toEqual(nodes);
  });

  test('a list of more nodes than a mail can name does not get out of hand', () => {
    expect(expandNodes('n[1-999999999],m[0-9][0-9][0-9][0-9][0-9][0-9][0-9]')).toHaveLength(1_001);
    expect(expandNodes('m[0-9][0-9][0-9][0-9][0-9][0-9][0-9]')).toHaveLength(1_001);
  });

  test('clush names nodes that failed alike with commas, and those that took too long', () => {
    const text = `int-07,int-38.eu (2): No space left on device
clush: int-07,int-38.eu (2): exited with exit code 1
clush: int-66: command timeout
`;
    expect(read('Cron <root@dist-01> clush -b -a df', text)).toEqual({
      outcome: 'accepted cron-clush',
      alerts: [
        ['int-07', 'package', 'No space left on device'],
        ['int-38', 'package', 'No space left on device'],
        ['int-66', 'connection', 'command timeout'],
      ],
    });
  });

  test("pdsh's lines are read like those of clush", () => {
    const text = `int-66: ssh: connect to host int-66 port 22: No route to host
pdsh@dist-01: int-66: ssh exited with exit code 255
`;
    const alert = ['int-66', 'connection', 'ssh: connect to host int-66 port 22: No route to host'];
    expect(read('Cron <root@dist-01> pdsh -a df', text)).toEqual({
      outcome: 'accepted cron-clush',
      alerts: [alert],
    });
  });

  test("ansible-playbook's output is one alert for each host that it calls fatal", () => {
    const text = `PLAY [Distribute geo-db] ***

TASK [Fetch geo-db] ***
fatal: [int-07.us-west.example.net]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect: Broken pipe", "unreachable": true}
changed: [int-23]
fatal: [int-38.eu]: FAILED! => {"changed": false, "dest": "/srv/geo-db_1_amd64.deb", "msg": "Destination /srv is not writable"}

PLAY RECAP ***
int-23 : ok=1 changed=1
`;
    expect(read('geo-db distribution failed', text)).toEqual({
      outcome: 'accepted ansible-output',
      alerts: [
        ['int-07.us-west.example.net', 'connection', 'Failed to connect: Broken pipe'],
        ['int-38', 'access', 'Destination /srv is not writable'],
      ],
    });
  });

  test("a loop's lines belong to the device that is named after them", () => {
    const text = `Connection reset by peer
push a to int-38.eu failed with 12
deploy@int-41: Permission denied (publickey).
push a to int-41 failed with 255
`;
    expect(read('Cron <root@dist-01> for h in int-38.eu int-41; do push a $h; done', text)).toEqual({
      outcome: 'accepted cron-loop',
      alerts: [
        ['int-38', 'connection', 'Connection reset by peer'],
        ['int-41', 'access', 'deploy@int-41: Permission denied (publickey).'],
      ],
    });
  });

  const byNode: AlertFormat = {
    ...plainFormat,
    match: [],
    literals: [],
    each: '^(?<device>int-\\d+): ',
    only: 'FAILED',
    extract: [{ in: 'body', pattern: 'FAILED (?<announced>.+)' }],
  };

  test.each([
    [
      'blocks of one device are one alert',
      'int-1: a\nint-2: FAILED x\nint-1: FAILED y\n',
      ['int-1', 'int-2'],
    ],
    ['what announces no failure is none', 'int-1: ok\nint-2: FAILED x\n', ['int-2']],
    ['capitals make no other device', 'int-1: FAILED x\nint-1: FAILED y\n', ['int-1']],
  ])('in a declared format %s', (_what, text, devices) => {
    expect(read('x', text, [byNode]).alerts.map(([device]) => device)).toEqual(devices);
  });

  test('a mail in which no block announces a failure goes to a person', () => {
    expect(read('x', 'int-1: ok\n', [byNode]).outcome).toBe('dead-letter plain');
  });

  test('what splits a mail may name the device and nothing else', () => {
    expect(() => compileFormats([{ ...byNode, each: '^(?<job>x)' }])).toThrow(
      /group "job".*may only name the device/,
    );
  });
});

describe('a format without a device', () => {
  test('is fine where all of its mail is ignored', () => {
    const ignoring = {
      ...plainFormat,
      each: null,
      extract: [],
      ignore: [{ in: 'body', pattern: 'x', reason: 'r' }],
    } as const;
    expect(() => compileFormats([ignoring])).not.toThrow();
    expect(() => compileFormats([{ ...ignoring, ignore: [] }])).toThrow(/needs a device/);
  });
});
