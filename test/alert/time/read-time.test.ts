import { describe, expect, test } from 'vitest';
import { compileFormats } from '../../../src/alert/formats.ts';
import { compileJsonFailures } from '../../../src/alert/json/json-failures.ts';
import { readJson } from '../../../src/alert/json/read-json.ts';
import { readFormat } from '../../../src/alert/read-format.ts';
import { plainFormat } from '../../../src/alert/shipped-formats.ts';
import { defaultLabels } from '../../../src/domain/http-source.ts';
import type { AlertFormat } from '../../../src/domain/policy.ts';
import type { SourceZone, ZonePolicy } from '../../../src/domain/zone-policy.ts';
import { inventoryOf } from '../../support/inventory-of.ts';
import { mailOf } from '../../support/mail-of.ts';

const inventory = inventoryOf({ name: 'int-33', region: 'us-west' }, { name: 'int-38', region: 'eu' });
const berlin: ZonePolicy = {
  siteZone: 'Europe/Berlin',
  sourceZones: [],
  regionZones: new Map([['us-west', 'America/Los_Angeles']]),
};
const tokyo: ZonePolicy = { ...berlin, siteZone: 'Asia/Tokyo' };
const source = (entry: Partial<SourceZone>): ZonePolicy => ({
  ...berlin,
  sourceZones: [{ domain: null, region: null, server: null, timeZone: 'Asia/Tokyo', ...entry }],
});
const nobody = () => null;

interface Case {
  readonly at: string;
  /** The Date header. */
  readonly sent: string;
  readonly device?: string;
  readonly zones?: ZonePolicy;
}

function read({ at, sent, device = 'int-33', zones = berlin }: Case, format: AlertFormat = plainFormat) {
  const text = `Device: ${device}\nServer: int-33\nFailure: package\nAt: ${at}\n`;
  const mail = mailOf({
    from: `root@${device}.example.net`,
    text,
    date: new Date(sent),
    headers: { date: sent },
  });
  const times = { zones, regionOf: nobody };
  const reading = readFormat(
    mail,
    new Date('2026-11-25T00:00:00Z'),
    compileFormats([format]),
    inventory,
    undefined,
    times,
  );
  if (reading.state !== 'accepted') throw new Error(reading.gate.reason);
  const gate = reading.times[0];
  return [reading.alerts[0]?.at.toISOString(), gate?.reason ?? null, gate?.values['zone'] ?? null];
}

describe('a time without a zone', () => {
  test.each<[string, Case, readonly [string, string | null, string | null]]>([
    [
      'states its zone, so that nothing is chosen',
      { at: '2026-11-23T05:06:07-08:00', sent: 'Mon, 23 Nov 2026 14:10:00 +0100' },
      ['2026-11-23T13:06:07.000Z', null, null],
    ],
    [
      "is the site's where it lies shortly before the mail",
      { at: '2026-11-23 14:06:07', sent: 'Mon, 23 Nov 2026 13:10:00 +0000' },
      ['2026-11-23T13:06:07.000Z', 'site-zone-fits', 'Europe/Berlin'],
    ],
    [
      "is the region's: a server in California, whose mail is dated in UTC",
      { at: '2026-11-23 05:06:07', sent: 'Mon, 23 Nov 2026 13:10:00 +0000' },
      ['2026-11-23T13:06:07.000Z', 'region-zone-fits', 'America/Los_Angeles'],
    ],
    [
      'is in the offset of the Date header where no region says more',
      { at: '2026-11-23 05:06:07', sent: 'Mon, 23 Nov 2026 05:10:00 -0800 (PST)', device: 'int-38' },
      ['2026-11-23T13:06:07.000Z', 'date-offset-fits', '-0800'],
    ],
    [
      'is UTC where only that fits',
      { at: '2026-11-23 13:06:07', sent: 'Mon, 23 Nov 2026 22:10:00 +0900', device: 'int-38', zones: tokyo },
      ['2026-11-23T13:06:07.000Z', 'utc-fits', 'UTC'],
    ],
    [
      "is the site's, and marked, where another zone fits as well",
      { at: '2026-11-23 13:06:07', sent: 'Mon, 23 Nov 2026 14:10:00 +0100', device: 'int-38' },
      ['2026-11-23T12:06:07.000Z', 'several-zones-fit', 'Europe/Berlin'],
    ],
    [
      'fits at 90 minutes exactly',
      { at: '2026-11-23 22:00:00', sent: 'Mon, 23 Nov 2026 14:30:00 +0000', zones: tokyo },
      ['2026-11-23T13:00:00.000Z', 'site-zone-fits', 'Asia/Tokyo'],
    ],
    [
      "is the site's, and marked, where no zone fits",
      { at: '2026-11-22 03:00:00', sent: 'Mon, 23 Nov 2026 13:10:00 +0000' },
      ['2026-11-22T02:00:00.000Z', 'zone-not-known', 'Europe/Berlin'],
    ],
    [
      'after the mail fits nowhere',
      { at: '2026-11-23 14:11:00', sent: 'Mon, 23 Nov 2026 14:10:00 +0100', device: 'int-38' },
      ['2026-11-23T13:11:00.000Z', 'zone-not-known', 'Europe/Berlin'],
    ],
    [
      'is in the zone that the config states for a domain, whatever fits',
      {
        at: '2026-11-23 14:06:07',
        sent: 'Mon, 23 Nov 2026 14:10:00 +0100',
        zones: source({ domain: 'example.net' }),
      },
      ['2026-11-23T05:06:07.000Z', 'zone-of-source', 'Asia/Tokyo'],
    ],
    [
      'is in the zone that the config states for a region',
      {
        at: '2026-11-23 14:06:07',
        sent: 'Mon, 23 Nov 2026 14:10:00 +0100',
        zones: source({ region: 'us-west' }),
      },
      ['2026-11-23T05:06:07.000Z', 'zone-of-source', 'Asia/Tokyo'],
    ],
    [
      'is in the zone that the config states for a server',
      {
        at: '2026-11-23 14:06:07',
        sent: 'Mon, 23 Nov 2026 14:10:00 +0100',
        zones: source({ server: 'INT-33' }),
      },
      ['2026-11-23T05:06:07.000Z', 'zone-of-source', 'Asia/Tokyo'],
    ],
    [
      'is not in the zone of another domain',
      {
        at: '2026-11-23 14:06:07',
        sent: 'Mon, 23 Nov 2026 14:10:00 +0100',
        zones: source({ domain: 'ample.net' }),
      },
      ['2026-11-23T13:06:07.000Z', 'site-zone-fits', 'Europe/Berlin'],
    ],
    [
      'of an hour that comes twice is the first where the mail was sent in the first',
      { at: '2026-10-25 02:30:00', sent: 'Sun, 25 Oct 2026 02:35:00 +0200' },
      ['2026-10-25T00:30:00.000Z', 'site-zone-fits', 'Europe/Berlin'],
    ],
    [
      'of an hour that comes twice is the second where the mail was sent in the second',
      { at: '2026-10-25 02:30:00', sent: 'Sun, 25 Oct 2026 02:35:00 +0100' },
      ['2026-10-25T01:30:00.000Z', 'site-zone-fits', 'Europe/Berlin'],
    ],
    [
      "that the site's clocks skip is not the site's",
      { at: '2026-03-29 02:30:00', sent: 'Sun, 29 Mar 2026 02:35:00 +0000', device: 'int-38' },
      ['2026-03-29T02:30:00.000Z', 'date-offset-fits', '+0000'],
    ],
    [
      "in the source's zone of an hour that comes twice is not after its mail",
      {
        at: '2026-11-01 01:30:00',
        sent: 'Sun, 01 Nov 2026 01:40:00 -0700',
        zones: source({ domain: 'example.net', timeZone: 'America/Los_Angeles' }),
      },
      ['2026-11-01T08:30:00.000Z', 'zone-of-source', 'America/Los_Angeles'],
    ],
    [
      'with an abbreviation of several zones is in the one that fits',
      { at: 'Mon Nov 23 21:06:07 CST 2026', sent: 'Mon, 23 Nov 2026 13:10:00 +0000' },
      ['2026-11-23T13:06:07.000Z', null, null],
    ],
    [
      "that is none gives way to the mail's",
      { at: 'just now', sent: 'Mon, 23 Nov 2026 14:10:00 +0100' },
      ['2026-11-23T13:10:00.000Z', null, null],
    ],
  ])('%s', (_what, one, expected) => {
    expect(read(one)).toEqual(expected);
  });

  test('is read by the same rules in a format of the site', () => {
    const own: AlertFormat = {
      ...plainFormat,
      name: 'own',
      extract: [...plainFormat.extract, { in: 'body', pattern: '^Seen: (?<at>.+)' }],
    };
    const one = { at: 'n\nSeen: 23/11/2026 05:06', sent: 'Mon, 23 Nov 2026 13:10:00 +0000' };
    const extract = own.extract.filter(({ pattern }) => !pattern.includes('*at['));
    expect(read(one, { ...own, extract })).toEqual([
      '2026-11-23T13:06:00.000Z',
      'region-zone-fits',
      'America/Los_Angeles',
    ]);
  });

  test('is read by the same rules in JSON, against the time at which it came', () => {
    const reading = (value: unknown) =>
      readJson({ name: 'ops', format: 'plain-json', labels: defaultLabels }, JSON.stringify(value), {
        receivedAt: new Date('2026-11-23T13:10:00Z'),
        inventory,
        failures: compileJsonFailures([]),
        policy: null,
        key: 'k',
        zones: berlin,
        regionOf: nobody,
      }).reading;
    const failing = reading({ device: 'int-33', failure: 'package', at: '2026-11-23T05:06:07' });
    expect(failing.alerts[0]?.at).toEqual(new Date('2026-11-23T13:06:07Z'));
    expect(failing.gates[0]).toMatchObject({ gate: 'time', passed: true, reason: 'region-zone-fits' });
    const recovered = reading({ device: 'int-33', status: 'ok', at: '2026-11-23 05:06:07' });
    expect(recovered.recoveries[0]?.at).toEqual(new Date('2026-11-23T13:06:07Z'));
  });

  test("in a region that is known by the sender's domain alone is that region's", () => {
    const mail = mailOf({
      text: 'Device: int-99\nFailure: package\nAt: 2026-11-23 05:06:07',
      date: new Date('2026-11-23T13:10:00Z'),
    });
    const times = { zones: berlin, regionOf: () => 'us-west' };
    const reading = readFormat(mail, new Date(), compileFormats([plainFormat]), inventory, undefined, times);
    expect(reading.times[0]).toMatchObject({ reason: 'region-zone-fits' });
  });
});
