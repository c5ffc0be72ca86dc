import { describe, expect, test } from 'vitest';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { loadExampleNet, readExampleNetDevices } from '../support/example-net.ts';

describe('the example config of a network', () => {
  const { config } = loadExampleNet();

  test('loads, uses every shipped format, and knows each region with its channel', () => {
    expect(config.formats).toEqual(Object.keys(shippedFormats));
    expect(config.validation.domains).toEqual(['example.net']);
    expect(config.routing.regions.map(({ name, channel }) => [name, channel])).toEqual(
      ['eu', 'apac', 'us-west', 'us-east', 'sa'].map((region) => [region, `maint-${region}`]),
    );
  });

  test('comes with an inventory without faults, in which every node has its region', () => {
    const { devices, faults } = readExampleNetDevices();
    expect(faults).toEqual([]);
    const regions = new Set(config.routing.regions.map(({ name }) => name));
    const astray = devices.filter(({ name, region }) => name !== 'dist-01' && !regions.has(region ?? ''));
    expect(astray).toEqual([]);
  });
});
