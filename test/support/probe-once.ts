import { createProber, createProberOf } from '../../src/adapters/ping/prober.ts';
import { createSystemMeans } from '../../src/adapters/ping/system-means.ts';
import type { Evidence } from '../../src/domain/diagnosis.ts';

/** Run as `node probe-once.js MEANS TARGET UPSTREAM`: probes both and prints what it saw as JSON. */
const [, , means = '', target = '', upstream = ''] = process.argv;
const ignore = () => {};
const options = { timeoutMs: 500, log: { debug: ignore, info: ignore, warn: ignore, error: ignore } };

const system = createSystemMeans(options);
const prober =
  means === 'ping(8)' ? createProberOf(system, system, options.timeoutMs) : await createProber(options);
if (prober.means !== means) throw new Error(`${means} is not available here, only ${prober.means}`);

const { signal } = new AbortController();
// The route first: routers limit how many ICMP errors they send, and pings that fail use them up.
const route = await prober.traceroute(target, signal);
const evidence: Evidence = {
  target: await prober.ping(target, 3, signal),
  upstream: upstream === '' ? null : await prober.ping(upstream, 3, signal),
  route,
  ports: [],
  path: [],
  probedAt: new Date(),
};
await prober.close();
process.stdout.write(JSON.stringify(evidence));
