import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { readFormat } from '../../src/alert/read-format.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { mailOf } from '../support/mail-of.ts';

const formats = compileFormats(Object.values(shippedFormats));
const inventory = inventoryOf({ name: 'int-58', fqdn: 'int-58.apac.example.net', ip: '10.20.58.1' });

function read(subject: string, text: string) {
  const mail = mailOf({ from: 'root@int-38.eu.example.net', subject, text });
  return readFormat(mail, new Date('2026-11-23T13:00:00Z'), formats, inventory);
}

const nagios = (lines: string): string => `***** Nagios *****\n\nNotification Type: PROBLEM\n${lines}`;

/** Further mail of the tools that are known, as they are known to write it. */
describe('the shipped formats', () => {
  test.each<
    [subject: string, text: string, format: string, device: string, failure: string, name: string | null]
  >([
    [
      'Cron <deploy@int-41> scp dist-01.core.example.net:/srv/pkg/geo-db_2026.11.2_amd64.deb /srv/incoming',
      'deploy@dist-01.core.example.net: Permission denied (publickey,password).\nscp: Connection closed',
      ...(['cron', 'int-41', 'access', 'geo-db_2026.11.2_amd64.deb'] as const),
    ],
    [
      'Cron <root@int-38> rsync -a /srv/pkg/geo-db_2026.11.2_amd64.deb deploy@int-58.apac.example.net:/srv/incoming/',
      'ssh: connect to host int-58.apac.example.net port 22: Connection refused',
      ...(['cron', 'int-58', 'connection', 'geo-db_2026.11.2_amd64.deb'] as const),
    ],
    [
      'Cron <root@int-41> cd /srv/dist/packages && sha256sum -c SHA256SUMS',
      'geo-db_1_amd64.deb: OK\nedge-agent_4.12.4_amd64.deb: FAILED\nsha256sum: WARNING: 1 computed checksum did NOT match',
      ...(['cron', 'int-41', 'package', 'edge-agent_4.12.4_amd64.deb'] as const),
    ],
    [
      'Cron <root@int-41> curl -fsSO http://10.20.0.1/internal/edge-agent_4.13.0_amd64.deb',
      'curl: (22) The requested URL returned error: 403',
      ...(['cron', 'int-41', 'access', 'edge-agent_4.13.0_amd64.deb'] as const),
    ],
    [
      '[ftpsync@int-33] ERROR: ERROR: Sync step 2 went wrong, got errorcode 30. Logfile: ftpsync.log',
      'ERROR: Sync step 2 went wrong, got errorcode 30. Logfile: ftpsync.log',
      ...(['ftpsync', 'int-33', 'connection', null] as const),
    ],
    [
      '** PROBLEM Host Alert: int-19 is DOWN **',
      nagios(
        'Host: int-19\nState: DOWN\nAddress: 10.20.19.1\nInfo: CRITICAL - Socket timeout after 10 seconds',
      ),
      ...(['nagios', '10.20.19.1', 'connection', null] as const),
    ],
    [
      '** PROBLEM Service Alert: Tokyo int-58/Disk is CRITICAL **',
      nagios(
        '\nService: Disk\nHost: Tokyo int-58\nAddress: 10.20.58.1\nState: CRITICAL\n\nAdditional Info:\n\n0 MB free',
      ),
      ...(['nagios', 'int-58', 'package', null] as const),
    ],
    [
      'debmirror on int-12 failed',
      "Errors:\n Can't connect to int-66.eu.example.net:80 (No route to host)",
      ...(['chronic', 'int-12', 'connection', null] as const),
    ],
    [
      'geo-db push failed on int-12',
      'rsync: connection unexpectedly closed (0 bytes received so far) [sender]',
      ...(['mailx', 'int-12', 'connection', null] as const),
    ],
    [
      'rsync internal -> int-58 failed',
      'rsync: [generator] failed to set times on "/srv/dist/releases/.": Operation not permitted (1)',
      ...(['mailx', 'int-58', 'access', null] as const),
    ],
    [
      'préparation-données: cópia falhou em int-23',
      "cp: não foi possível obter estado de '/srv/préparation-données_2.0_all.txt': Arquivo inexistente",
      ...(['mailx', 'int-23', 'package', 'préparation-données_2.0_all.txt'] as const),
    ],
    [
      'unattended-upgrades result for int-41.eu.example.net: FAILURE',
      'Unattended upgrade result: Lock could not be acquired (another package manager running?)',
      ...(['unattended-upgrades', 'int-41.eu.example.net', 'package', null] as const),
    ],
  ])('read "%s"', (subject, text, format, device, failure, name) => {
    const reading = read(subject, text);
    expect(reading).toMatchObject({
      state: 'accepted',
      format,
      alerts: [{ device, failure, package: name }],
    });
  });

  test.each([
    ['[reboot required] unattended-upgrades result for int-38.eu.example.net: SUCCESS', 'success'],
    ['Fail event on /dev/md0:int-38.eu.example.net', 'disk-array-event'],
  ])('ignore "%s"', (subject, reason) => {
    const { state, gate } = read(subject, 'Unattended upgrade result: All upgrades installed');
    expect([state, gate.reason]).toEqual(['ignored', reason]);
  });

  test.each([
    ['The backup failed on int-38', 'Hello, did you see this?'],
    ['Lunch', 'rsync: the menu failed'],
    ['[ftpsync@int-38] NOTE', 'all is well'],
  ])('leave to a person what is none of their mail: "%s"', (subject, text) => {
    expect(read(subject, text)).toMatchObject({ state: 'dead-letter', format: null });
  });
});
