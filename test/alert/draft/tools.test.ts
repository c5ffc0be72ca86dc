import { describe, expect, test } from 'vitest';
import { draftFormat } from '../../../src/alert/draft/draft-format.ts';
import { compileFormats } from '../../../src/alert/formats.ts';
import { readFormat } from '../../../src/alert/read-format.ts';
import type { Mail } from '../../../src/domain/mail.ts';
import { inventoryOf } from '../../support/inventory-of.ts';
import { mailOf } from '../../support/mail-of.ts';

interface Tool {
  readonly name: string;
  readonly from: string;
  /** Mails about something that fails: the device, the subject, and the lines. */
  readonly failing: readonly (readonly [device: string, subject: string, ...lines: string[]])[];
  /** The same about something that works; the draft never saw it. */
  readonly working: readonly [device: string, subject: string, ...lines: string[]] | null;
  /** What the first one says of the failure. */
  readonly announced: RegExp;
}

/** As these tools write: monitors, backup tools, and distributions in other languages. */
const tools: readonly Tool[] = [
  {
    name: 'zabbix',
    from: 'zabbix@mon.example.net',
    failing: [
      [
        'int-58',
        'Problem: Zabbix agent is not available (for 3m)',
        'Problem started at 13:02:11 on 2026.11.23',
        'Problem name: Zabbix agent is not available (for 3m)',
        'Host: int-58',
        'Severity: Average',
        'Operational data: not available (0)',
        'Original problem ID: 8812',
      ],
    ],
    working: [
      'int-58',
      'Resolved in 12m 0s: Zabbix agent is not available (for 3m)',
      'Problem has been resolved at 13:14:11 on 2026.11.23',
      'Problem name: Zabbix agent is not available (for 3m)',
      'Problem duration: 12m 0s',
      'Host: int-58',
      'Severity: Average',
      'Original problem ID: 8812',
    ],
    announced: /^Zabbix agent is not available/,
  },
  {
    name: 'icinga',
    from: 'icinga@mon.example.net',
    failing: [
      [
        'int-38',
        '[PROBLEM] disk on int-38 is CRITICAL!',
        '***** Service Monitoring on mon.example.net *****',
        '',
        'disk on int-38 is CRITICAL!',
        'Info:    DISK CRITICAL - free space: /srv 12 MB (0%)',
        'When:    2026-11-23 13:02:01 +0000',
        'Service: disk',
        'Host:    int-38',
      ],
    ],
    working: [
      'int-38',
      '[RECOVERY] disk on int-38 is OK!',
      '***** Service Monitoring on mon.example.net *****',
      '',
      'disk on int-38 is OK!',
      'Info:    DISK OK - free space: /srv 812 MB (20%)',
      'When:    2026-11-23 13:22:01 +0000',
      'Service: disk',
      'Host:    int-38',
    ],
    announced: /^DISK CRITICAL - free space/,
  },
  {
    name: 'prtg',
    from: 'prtg@prtg.example.net',
    failing: [
      [
        'int-58',
        '[PRTG Network Monitor (PRTG)] Ping (Ping) Down (No response (ICMP error # 11010))',
        'Sensor: Ping',
        'Device: int-58 (10.58.0.1)',
        'Status: Down',
        'Last Message: No response (ICMP error # 11010)',
        'Probe: Local Probe',
      ],
    ],
    working: [
      'int-58',
      '[PRTG Network Monitor (PRTG)] Ping (Ping) Up (2 msec)',
      'Sensor: Ping',
      'Device: int-58 (10.58.0.1)',
      'Status: Up',
      'Last Message: OK',
      'Probe: Local Probe',
    ],
    announced: /^No response/,
  },
  {
    name: 'uptime',
    from: 'uptime@status.example.net',
    failing: [
      [
        'kiosk-01',
        '[kiosk-01] 🔴 Down',
        'kiosk-01',
        '[🔴 Down] connect ECONNREFUSED 10.1.0.1:443',
        'Time (Europe/Berlin): 2026-11-23 14:02:00',
      ],
    ],
    working: [
      'kiosk-01',
      '[kiosk-01] ✅ Up',
      'kiosk-01',
      '[✅ Up] 200 - OK',
      'Time (Europe/Berlin): 2026-11-23 14:12:00',
    ],
    announced: /ECONNREFUSED/,
  },
  {
    name: 'borgmatic',
    from: 'borgmatic@backup-1.example.net',
    failing: [
      [
        'int-38',
        'borgmatic: backup of int-38 failed',
        'Repository: ssh://backup-1/srv/borg/int-38',
        'Host: backup-1.example.net',
        'Client: int-38',
        'Error: Remote: Connection closed by remote host. Is borg working on the server?',
      ],
    ],
    working: [
      'int-38',
      'borgmatic: backup of int-38 succeeded',
      'Repository: ssh://backup-1/srv/borg/int-38',
      'Host: backup-1.example.net',
      'Client: int-38',
      'Duration: 0:22:12',
    ],
    announced: /^Remote: Connection closed/,
  },
  {
    name: 'bacula',
    from: 'bacula@backup-1.example.net',
    failing: [
      [
        'int-41-fd',
        'Bacula: Backup Error of int-41-fd Full',
        '23-Nov 13:02 backup-1-dir JobId 812: Fatal error: Network error with FD during Backup: ERR=Connection timed out',
        '  JobId:                  812',
        '  Job:                    int-41.2026-11-23_13.00.00_04',
        '  Client:                 "int-41-fd" 9.6.7 x86_64-pc-linux-gnu',
        '  Termination:            *** Backup Error ***',
      ],
      [
        'int-58-fd',
        'Bacula: Backup Error of int-58-fd Incremental',
        '23-Nov 13:02 backup-1-dir JobId 813: Fatal error: Unable to connect to Client: int-58-fd on int-58:9102. ERR=No route to host',
        '  JobId:                  813',
        '  Job:                    int-58.2026-11-23_13.00.00_05',
        '  Client:                 "int-58-fd" 9.6.7 x86_64-pc-linux-gnu',
        '  Termination:            *** Backup Error ***',
      ],
    ],
    working: [
      'int-41-fd',
      'Bacula: Backup OK of int-41-fd Full',
      '23-Nov 14:02 backup-1-dir JobId 814: Start Backup',
      '  JobId:                  814',
      '  Job:                    int-41.2026-11-23_14.00.00_04',
      '  Client:                 "int-41-fd" 9.6.7 x86_64-pc-linux-gnu',
      '  Termination:            Backup OK',
    ],
    announced: /Connection timed out$/,
  },
  {
    name: 'verteilung',
    from: 'verteilung@vs1.beispiel.de',
    failing: [
      [
        'kasse-07.koeln.beispiel.de',
        'Verteilung auf kasse-07.koeln.beispiel.de fehlgeschlagen',
        'Gerät: kasse-07.koeln.beispiel.de',
        'Paket: preise_2026.11.23.zip',
        'Grund: Keine Verbindung zum Zielsystem',
        'Gemeldet von: vs1.beispiel.de',
      ],
    ],
    working: [
      'kasse-07.koeln.beispiel.de',
      'Verteilung auf kasse-07.koeln.beispiel.de erfolgreich',
      'Gerät: kasse-07.koeln.beispiel.de',
      'Paket: preise_2026.11.23.zip',
      'Gemeldet von: vs1.beispiel.de',
    ],
    announced: /^Keine Verbindung/,
  },
  {
    name: 'wacht',
    from: 'wacht@wacht.beispiel.de',
    failing: [
      [
        'kasse-07',
        'STÖRUNG: Rechner kasse-07 antwortet nicht',
        'Überwachung wacht.beispiel.de',
        'Rechner: kasse-07',
        'Zustand: AUSGEFALLEN',
        'Meldung: Zeitüberschreitung nach 10 s',
      ],
    ],
    working: [
      'kasse-07',
      'ENTWARNUNG: Rechner kasse-07 antwortet wieder',
      'Überwachung wacht.beispiel.de',
      'Rechner: kasse-07',
      'Zustand: OK',
      'Meldung: Antwort in 2 ms',
    ],
    announced: /^Zeitüberschreitung/,
  },
  {
    name: 'deploiement',
    from: 'deploiement@dist.exemple.fr',
    failing: [
      [
        'caisse-12',
        'Échec du déploiement sur caisse-12',
        'Serveur de distribution: dist.exemple.fr',
        'Machine: caisse-12',
        'Paquet: tarifs-2026.11.zip',
        'Erreur: connexion refusée',
      ],
    ],
    working: [
      'caisse-12',
      'Déploiement réussi sur caisse-12',
      'Serveur de distribution: dist.exemple.fr',
      'Machine: caisse-12',
      'Paquet: tarifs-2026.11.zip',
    ],
    announced: /^connexion refusée/,
  },
  {
    name: 'apt-mirror',
    from: 'root@int-23.example.net',
    failing: [
      [
        'int-23',
        'apt-mirror on int-23 failed',
        'Downloading 0 dep11 files using 0 threads...',
        'Errors:',
        'Cannot open rsync_3.5.0+ds1-0+deb12u1_amd64.deb: file is missing',
      ],
    ],
    working: null,
    announced: /^Cannot open/,
  },
];

const receivedAt = new Date('2026-11-23T13:30:00Z');
/** A person whose mail has the tools' keys. */
const colleague = mailOf({
  from: 'ana@ops.example.net',
  subject: 'Re: Problem: who is on call',
  text: 'Host: Ana\nDevice: int-38\nClient: int-41\nService: lunch\nSeverity: Average\nError: none\nStatus: Down\n',
});

const mailFrom = ({ from }: Tool, [, subject, ...lines]: readonly [string, string, ...string[]]): Mail =>
  mailOf({ from, subject, text: lines.join('\n') });

function readerOf(tool: Tool) {
  const wanted = tool.failing.map((mail) => mailFrom(tool, mail));
  const format = draftFormat(wanted, { others: [colleague], isKnownDevice: () => false, taken: [] });
  const formats = compileFormats([format]);
  return { format, read: (mail: Mail) => readFormat(mail, receivedAt, formats, inventoryOf()) };
}

describe('a format drafted from the failures of a tool', () => {
  test.each(tools)('$name reads the device that failed, and knows word of success', (tool) => {
    const { format, read } = readerOf(tool);
    expect(format.name).toBe(tool.name);
    const readings = tool.failing.map((mail) => read(mailFrom(tool, mail)));
    expect(readings).toMatchObject(
      tool.failing.map(([device]) => ({ state: 'accepted', alerts: [{ device }] })),
    );
    expect(readings[0]?.state === 'accepted' && readings[0].alerts[0]?.announced).toMatch(tool.announced);
    if (tool.working === null) return;
    expect(read(mailFrom(tool, tool.working))).toMatchObject({
      state: 'ignored',
      recoveries: [{ device: tool.working[0] }],
    });
  });

  test.each(tools)('$name takes no mail of another tool, and none of a colleague', (tool) => {
    const { read } = readerOf(tool);
    const others = tools
      .filter((other) => other !== tool)
      .flatMap((other) =>
        [...other.failing, ...(other.working ? [other.working] : [])].map((mail) => mailFrom(other, mail)),
      );
    const taken = [...others, colleague].filter((mail) => {
      const { gate } = read(mail);
      return gate.reason !== 'no-format-matches';
    });
    expect(taken.map(({ subject }) => subject)).toEqual([]);
  });

  test('of two tools at once it is for the first alone', () => {
    const [dpkg, other] = [
      mailOf({ from: 'root@int-33.example.net', subject: 'dpkg failed on int-33', text: 'dpkg: error' }),
      mailOf({ from: 'root@int-41.example.net', subject: 'verification error on int-41', text: 'lost' }),
    ];
    const format = draftFormat([dpkg, other]);
    const formats = compileFormats([format]);
    const states = [dpkg, other, colleague].map(
      (mail) => readFormat(mail, receivedAt, formats, inventoryOf()).state,
    );
    expect(states).toEqual(['accepted', 'dead-letter', 'dead-letter']);
  });
});
