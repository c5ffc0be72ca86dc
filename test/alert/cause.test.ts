import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../src/alert/formats.ts';
import { readFormat } from '../../src/alert/read-format.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { fixturesReceivedAt, readFixture } from '../support/mail-fixtures.ts';
import { type MailParts, mailOf } from '../support/mail-of.ts';

const formats = compileFormats(Object.values(shippedFormats));

function read(parts: MailParts) {
  const reading = readFormat(mailOf(parts), fixturesReceivedAt, formats, inventoryOf());
  if (reading.state !== 'accepted') throw new Error(reading.gate.reason);
  return reading.alerts.map(({ device, package: name, announced }) => [device, name, announced]);
}

const cron = (command: string, text: string) => read({ subject: `Cron <root@int-38> ${command}`, text })[0];
const fatal = (result: object) =>
  read({
    subject: 'Cron <deploy@dist-01> ansible-playbook roll.yml',
    text: `PLAY [roll]\n\nfatal: [int-38]: FAILED! => ${JSON.stringify(result)}\n`,
  })[0];

describe('the cause that a mail announces', () => {
  test.each([
    [
      'ansible-async/02-int-38-loop-over-background-jobs.eml',
      'E: Unable to fetch b_2.0.deb: Permission denied',
    ],
    [
      'ansible-async/04-int-38-umlauts-in-json.eml',
      "Could not find or access '/srv/mirror/pkg/größe-übersicht_1.0_all.deb' on the Ansible Controller.",
    ],
    // The task printed nothing, and what an earlier task printed is not its own.
    ['ansible-async/06-int-38-no-output-after-a-failed-loop.eml', 'non-zero return code'],
    [
      'ansible-async/08-int-38-timeout-after-a-failed-loop.eml',
      'async task did not complete within the requested time - 2s',
    ],
    [
      'ftpsync-hook/02-int-38-log-of-the-run.eml',
      'check-space: only 120 MB left on /srv/mirrors, 4096 needed: cannot begin',
    ],
    ['cron-output/06-sum-es.eml', 'geo-db_2026.11.3_amd64.deb: La suma no coincide'],
  ])('is the line that says what failed, in %s', async (path, announced) => {
    const reading = readFormat(await readFixture(path), fixturesReceivedAt, formats, inventoryOf());
    expect(reading).toMatchObject({ state: 'accepted', alerts: [{ announced }] });
  });

  test('is the error output where a result says only that its command failed', () => {
    const result = { changed: true, msg: 'non-zero return code', rc: 1, stdout: '' };
    const stderr = 'WARNING: apt has no stable interface\n\nE: Unable to locate package \u201egeo-db\u201c';
    expect(fatal({ ...result, stderr })?.[2]).toBe('E: Unable to locate package „geo-db“');
    expect(fatal({ ...result, stderr: 'all lines are notes\nof one tool' })?.[2]).toBe('all lines are notes');
    expect(fatal({ ...result, stderr: '', stdout: 'a.deb: OK\nb.deb: FAILED' })).toEqual([
      'int-38',
      'b.deb',
      'b.deb: FAILED',
    ]);
    expect(fatal({ ...result, stderr: '' })?.[2]).toBe('non-zero return code');
  });

  test('has its JSON escapes decoded, but those of line ends and of what is not shown', () => {
    const text = 'fatal: [int-38]: FAILED! => {"msg": "can\\u2019t read \\"gr\\u00f6\\u00dfe.deb\\"\\u202e"}';
    const [alert] = read({ subject: 'Cron <deploy@dist-01> ansible-playbook roll.yml', text });
    expect(alert).toEqual(['int-38', 'größe.deb', 'can’t read "größe.deb"']);
  });
});

test('a failure that its playbook ignores is none', () => {
  const line = (host: string) => `fatal: [${host}]: FAILED! => {"msg": "no"}\n`;
  const text = `PLAY [roll]\n\n${line('int-58')}...ignoring\n\nTASK [next]\n${line('int-41')}${line('int-38')}`;
  expect(
    read({ subject: 'Cron <deploy@dist-01> ansible-playbook roll.yml', text }).map(([host]) => host),
  ).toEqual(['int-41', 'int-38']);
});

describe('the package of a failure', () => {
  test.each<[string, string, string, string | null]>([
    ['a flag', 'rsync -a --exclude=*.deb dist-01::pkg/ /srv', 'rsync: connection timed out', null],
    ['what a flag leaves out', 'apt-mark --hold geo-db_1.deb', 'E: failed', null],
    ['a glob', 'dpkg -i /srv/*.deb', 'dpkg: error: cannot access archive', null],
    ['a value of a variable', 'PKG=geo-db_1.deb /usr/local/bin/push', 'push: failed', 'geo-db_1.deb'],
    ['a file in brackets', 'push', 'push failed (geo-db_1.deb)', 'geo-db_1.deb'],
    ['a file at a host', 'push', 'scp: cannot send int-58:geo-db_1.deb', 'geo-db_1.deb'],
    ['a file of Windows', 'push', 'copy failed: C:\\pkg\\geo-db-1.msi is locked', 'geo-db-1.msi'],
    ['quotes of other languages', 'push', 'cp: „/srv/geo-db_1.deb“: Keine Berechtigung', 'geo-db_1.deb'],
    [
      'what the failure quotes before what the command names',
      'cp /srv/a_1.deb /srv/b_1.deb /mnt/',
      "cp: error writing '/mnt/b_1.deb': No space left on device",
      'b_1.deb',
    ],
    [
      'the file that is wrong, wherever the right ones stand',
      'sha256sum -c S 2>&1',
      'a_1.deb: OK\nsha256sum: WARNING: 1 computed checksum did NOT match\nb_1.deb: FAILED\nc_1.deb: OK',
      'b_1.deb',
    ],
    [
      'the one of a heading, not those that were unpacked before',
      'dpkg -i /srv/*.deb',
      'Preparing to unpack .../a_1.deb ...\nUnpacking a (1) ...\ndpkg: error processing archive /srv/b_1.deb (--install):\n cannot copy: No space left on device',
      'b_1.deb',
    ],
    [
      'none of several lines of success',
      'check',
      'a_1.deb: OK\nb_1.deb: OK\nc_1.deb: OK\ncheck: failed',
      null,
    ],
    ['no file that was copied well', 'sync', "'/s/a_1.deb' -> '/d/a_1.deb'\nsync: failed", null],
    ['no file that was moved well', 'sync', "renamed '/s/a_1.deb' -> '/d/a_1.deb'\nsync: failed", null],
    [
      'no file that rsync lists',
      'rsync -av /s/ h::d',
      'sending incremental file list\na_1.deb\nsub/b_1.deb\n\nrsync error: timeout in data send',
      null,
    ],
  ])('is %s', (_what, command, text, expected) => {
    expect(cron(command, text)?.[1]).toBe(expected);
  });

  test('is the file that cp names before it fails, where its error names none', () => {
    const text = "'/s/größe.csv' -> '/d/none/'\ncp: cannot create regular file '/d/none/': Not a directory";
    expect(read({ subject: 'Copy failed on int-38', text })[0]?.[1]).toBe('größe.csv');
  });
});

test('a job whose output reports nothing but success announces no failure', () => {
  const ignored = (text: string) => () => cron('check', text);
  expect(ignored('a_1.deb: OK\nb_1.deb: OK\n')).toThrow('success');
  expect(ignored("'/s/a_1.deb' -> '/d/a_1.deb'\n")).toThrow('success');
  expect(cron('check', 'a_1.deb: OK\nno more files\n')).toEqual(['int-38', null, 'no more files']);
});

test('the mails of one run of ftpsync announce one type of failure', () => {
  const type = (subject: string, text: string) => {
    const mail = mailOf({ subject: `[ftpsync@int-38] ${subject}`, text });
    const reading = readFormat(mail, fixturesReceivedAt, formats, inventoryOf());
    return reading.state === 'accepted' ? reading.alerts[0]?.failure : reading.gate.reason;
  };
  const log = (line: string) => `Nov 23 14:07:01 int-38 ftpsync[2]: ${line}\n`;
  for (const [said, ends] of [
    ['@ERROR: chdir failed', 'ERROR: Sync step 1 went wrong, got errorcode 5. Logfile: x.log'],
    [
      'rsync: write failed on "/d/a_1.deb": No space left',
      'ERROR: Sync step 2 went wrong, got errorcode 11. Logfile: x.log',
    ],
    [
      'rsync: safe_read failed: Connection reset by peer',
      'ERROR: Sync step 1 went wrong, got errorcode 12. Logfile: x.log',
    ],
    [`${log('Running hook 4: /h')}/h: Permission denied`, 'Back from hook 4, got returncode 126'],
  ] as const)
    expect(type('ERROR: rsync errors', `${said}\n${log(ends)}`)).toBe(type(`ERROR: ${ends}`, ends));
});
