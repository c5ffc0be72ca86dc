import { announce } from './announced.ts';
import type { Draw } from './draw.ts';
import type { Delivery, Problem } from './problem.ts';
import { deviceOf, master } from './site.ts';
import { type Coding, localTime, type WrittenMail } from './write-mail.ts';

/** One failed delivery: where, of what, when. */
export interface Failure {
  readonly problem: Pick<Problem, 'id' | 'kind' | 'failure'>;
  readonly device: string;
  readonly delivery: Delivery;
  readonly at: Date;
  /** Unique within the month. */
  readonly id: string;
}

const codings: readonly [Coding, ...Coding[]] = ['utf-8', 'quoted-printable', 'latin-1'];

/** Tools of the site; a problem's mail comes from one of them, so that its word of recovery does too. */
export type Tool = 'push' | 'plain' | 'cron' | 'nagios';

/** Writes the mail of a failed delivery as one of the site's tools does. */
export function writeFailure(failure: Failure, tool: Tool, draw: Draw): WrittenMail {
  const { problem, device, delivery, at, id } = failure;
  const text = announce(problem, device, delivery.package, draw);
  const server = serverOf(device);
  const common = { id, at, coding: draw.pick(codings) };
  switch (tool) {
    case 'push':
      return {
        ...{
          ...common,
          user: 'push',
          host: server,
          subject: `[push] FAILED ${delivery.package} -> ${device}`,
        },
        lines: pushLines(failure, server, [`error=${text}`], draw),
      };
    case 'plain':
      return { ...common, ...plainMail(failure, server, text, draw) };
    case 'cron': {
      const command = `rsync -a --timeout=20 /srv/packages/${delivery.package} ${device}:/srv/packages/`;
      const subject = `Cron <root@${server}> ${command}`;
      return { ...common, user: 'root', host: server, subject, lines: [text] };
    }
    case 'nagios':
      return nagiosMail({ device, service: `Package ${delivery.package}`, isOver: false, text, at, id });
  }
}

/** Word that a delivery that had failed was done, as the same tool sends it; `null` if the tool never does. */
export function writeRecovery(failure: Failure, tool: Tool, draw: Draw): WrittenMail | null {
  const { device, delivery, at, id } = failure;
  const server = serverOf(device);
  if (tool === 'nagios')
    return nagiosMail({ device, service: `Package ${delivery.package}`, isOver: true, text: 'OK', at, id });
  if (tool !== 'push') return null;
  return {
    ...{ id, at, coding: 'utf-8', user: 'push', host: server, wordOf: device },
    subject: `[push] DONE ${delivery.package} -> ${device}`,
    lines: pushLines(failure, server, ['status=ok'], draw),
  };
}

export interface NagiosNotice {
  readonly device: string;
  /** `null` for the host itself. */
  readonly service: string | null;
  readonly isOver: boolean;
  readonly text: string;
  readonly at: Date;
  readonly id: string;
}

/** A notification of the monitor on the master. */
export function nagiosMail({ device, service, isOver, text, at, id }: NagiosNotice): WrittenMail {
  const type = isOver ? 'RECOVERY' : 'PROBLEM';
  const { fqdn, ip } = deviceOf(device);
  const [bad, well] = service === null ? ['DOWN', 'UP'] : ['CRITICAL', 'OK'];
  const state = isOver ? well : bad;
  const what = service === null ? `Host Alert: ${fqdn}` : `Service Alert: ${fqdn}/${service}`;
  return {
    ...{ id, at, coding: 'utf-8', user: 'nagios', host: master, ...(isOver && { wordOf: device }) },
    subject: `** ${type} ${what} is ${state} **`,
    lines: [
      '***** Nagios *****',
      '',
      `Notification Type: ${type}`,
      '',
      ...(service === null ? [] : [`Service: ${service}`]),
      `Host: ${fqdn}`,
      `Address: ${ip}`,
      `State: ${state}`,
      '',
      'Additional Info:',
      '',
      text,
    ],
  };
}

/** Mail of Debian's ftpsync, which runs on the mirror itself; `null` if it went well. */
export function ftpsyncMail(
  mirror: string,
  job: string,
  error: string | null,
  at: Date,
  id: string,
): WrittenMail {
  const outcome = error === null ? 'SUCCESS' : 'ERROR: rsync errors';
  return {
    ...{ id, at, coding: 'utf-8', user: 'mirror', host: mirror, ...(error === null && { wordOf: mirror }) },
    subject: `[${job}@${mirror}] ${outcome}`,
    lines: [...(error === null ? [] : [error]), `${mirror} ${job}[1014]: Mirrorsync done`],
  };
}

function serverOf(device: string): string {
  const { upstream } = deviceOf(device);
  return upstream ?? device;
}

function pushLines(
  { delivery, at }: Failure,
  server: string,
  rest: readonly string[],
  draw: Draw,
): readonly string[] {
  return [`job=${delivery.job}`, `via=${server}`, `at=${showTime(at, server, draw)}`, ...rest];
}

function plainMail({ device, delivery, at, id }: Failure, server: string, text: string, draw: Draw) {
  const subject = draw.pick([
    '[restage] FAILED',
    'Verteilung fehlgeschlagen: Übersicht',
    '配布に失敗しました',
  ]);
  const lines = [
    `Alert-Id: ${id}`,
    `Device: ${device}`,
    `Package: ${delivery.package}`,
    `Failure: ${text}`,
    `Server: ${server}`,
    `Job: ${delivery.job}`,
    ...(draw.percent(70) ? [`At: ${showTime(at, server, draw)}`] : []),
  ];
  return { user: 'restage', host: server, subject, lines };
}

/** Half of the tools state a zone. */
function showTime(at: Date, server: string, draw: Draw): string {
  return draw.percent(50) ? at.toISOString() : localTime(at, server);
}
