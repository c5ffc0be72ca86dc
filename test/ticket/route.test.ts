import { expect, test } from 'vitest';
import { routeTicket } from '../../src/ticket/route.ts';

const policy = {
  regions: [
    { name: 'eu', channel: 'maint-eu', domains: ['eu.example.net'] },
    { name: 'US', channel: 'maint-us', domains: [] },
  ],
  fallbackChannel: 'maint-unknown',
};

test.each([
  ['eu', 'maint-eu', 'region-channel'],
  ['EU', 'maint-eu', 'region-channel'],
  ['us', 'maint-us', 'region-channel'],
  ['asia', 'maint-unknown', 'region-not-configured'],
  [null, 'maint-unknown', 'region-not-known'],
])('a ticket for region %s goes to %s', (region, channel, reason) => {
  expect(routeTicket(region, policy)).toEqual({ channel, reason });
});
