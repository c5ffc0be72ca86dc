import { describe, expect, test } from 'vitest';
import { readPolicies } from '../../src/app/policies.ts';
import { ConfigError } from '../../src/config/faults.ts';
import { parseConfig } from '../../src/config/load-config.ts';

const parse = (text: string) =>
  parseConfig(text, 'restage.yaml', {}, { shippedFormatNames: ['plain'] }).config;

describe('time zones of sources', () => {
  test('come from sourceZones and from the regions, beside the site’s', () => {
    const config = parse(`
timeZone: Europe/Berlin
sourceZones:
  - { domain: us.example.net, timeZone: America/New_York }
  - { region: apac, server: int-58, timeZone: Asia/Tokyo }
routing:
  regions:
    us: { channel: maint-us, timeZone: America/Los_Angeles, hold: { every: day } }
    eu: { channel: maint-eu }
`);
    expect(readPolicies(config).zones).toEqual({
      siteZone: 'Europe/Berlin',
      sourceZones: [
        { domain: 'us.example.net', region: null, server: null, timeZone: 'America/New_York' },
        { domain: null, region: 'apac', server: 'int-58', timeZone: 'Asia/Tokyo' },
      ],
      regionZones: new Map([['us', 'America/Los_Angeles']]),
    });
    expect(config.routing.regions[0]?.hold).toMatchObject({ timeZone: 'America/Los_Angeles' });
  });

  test('are an error without a source, or in no zone that is known', () => {
    const faultsOf = (text: string) => {
      try {
        parse(text);
      } catch (error) {
        if (error instanceof ConfigError) return error.faults.map(({ key, message }) => `${key}: ${message}`);
      }
      return [];
    };
    expect(faultsOf('sourceZones: [{ timeZone: UTC }]')).toEqual(['sourceZones[0]: names no source']);
    expect(faultsOf('sourceZones: [{ region: us, timeZone: Mars/North }]')).toEqual([
      expect.stringContaining('sourceZones[0].timeZone: '),
    ]);
  });
});
