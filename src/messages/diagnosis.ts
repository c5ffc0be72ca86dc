import type { ChatMessage } from '../domain/chat.ts';
import type { Diagnosis, Evidence, PingResult, Route } from '../domain/diagnosis.ts';
import { context, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeBlock, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { showTime } from './wording.ts';

const linesShown = 45;

/** A diagnosis in full, for the ticket's thread: every probe, and the route hop by hop (A11). */
export function renderDiagnosis(diagnosis: Diagnosis, timeZone: string): ChatMessage {
  const { verdict, reason, evidence } = diagnosis;
  const title = `Diagnosis: ${verdict.replace('-', ' ')}`;
  const lines = describeEvidence(evidence).slice(0, linesShown);
  return clampMessage({
    text: title,
    blocks: [
      section(`*${title}*\n${escapeText(clampText(reason, 600))}`),
      section(codeBlock(lines.join('\n'))),
      context(`Probed ${showTime(evidence.probedAt, timeZone)}`),
    ],
  });
}

export function describeEvidence({ target, route, ports, path }: Evidence): readonly string[] {
  return [
    describePing('ping', target),
    ...ports.map(
      ({ port, result, rttMs }) => `port ${port}: ${result}${rttMs === null ? '' : ` in ${rttMs} ms`}`,
    ),
    ...path.map(
      ({ name, address, answered }) => `above: ${name} (${address}) ${answered ? 'answers' : 'is silent'}`,
    ),
    ...describeRoute(route),
  ];
}

function describePing(what: string, { address, sent, received, rttMs, unreachableFrom }: PingResult): string {
  const time = rttMs === null ? '' : `, fastest in ${rttMs} ms`;
  const complaint = unreachableFrom === null ? '' : `, ${unreachableFrom} says unreachable`;
  return `${what} ${address}: ${received} of ${sent} answered${time}${complaint}`;
}

function describeRoute(route: Route | null): readonly string[] {
  if (route === null) return [];
  const hops = route.hops.map(
    ({ ttl, address, rttMs }) =>
      `${String(ttl).padStart(3)}  ${address ?? '*'}${rttMs === null ? '' : `  ${rttMs} ms`}`,
  );
  return [`route to ${route.target}${route.reached ? '' : ', not reached'}:`, ...hops];
}
