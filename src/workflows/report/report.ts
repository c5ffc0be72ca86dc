import type { ButtonClick, ChatMessage, SlashCommand } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { ReportRecord } from '../../domain/report.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderNotice } from '../../messages/notice.ts';
import { renderReportPreview } from '../../messages/report.ts';
import { parsePeriod } from '../../redistribution/period.ts';
import { isEmptyReport } from '../../report/is-empty.ts';
import { readReportRequest } from '../../report/read-request.ts';
import type { Deps } from '../deps.ts';
import { viewReport } from './report-message.ts';

export const reportUsage =
  '`/restage report [REGION] [PERIOD]` shows you what failed, compared with the period before; *Post it here* posts it with its chart: `/restage report eu last week`.';

/** Shows a report to who asked, with a button that posts it (A20). */
export async function requestReport(
  deps: Deps,
  command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const regions = deps.policies.routing.regions.map(({ name }) => name);
  const request = readReportRequest(words, regions);
  const timeZone = await deps.chat.timeZoneOf(command.person).catch(() => deps.policies.timeZone);
  const now = deps.clock.now();
  try {
    const period = parsePeriod(request.period, now, timeZone);
    const { channel } = command;
    const about = { region: request.region, period, timeZone, channel };
    return await previewReport(deps, { ...about, id: command.deliveryKey, plan: null, createdAt: now });
  } catch (error) {
    if (!(error instanceof RestageError) || error.code !== 'period-invalid') throw error;
    const known =
      regions.length === 0
        ? 'The config names no regions (routing.regions): the report is about all.'
        : `Regions: ${regions.join(', ')}.`;
    return renderNotice(`${error.message} For reports also: last month.\n${known}`);
  }
}

async function previewReport(deps: Deps, record: ReportRecord): Promise<ChatMessage> {
  const counts = await deps.store.snapshot((tx) => tx.countForReport(record.region, record.period));
  const view = viewReport(record, counts);
  if (isEmptyReport(counts)) return renderReportPreview(view, null);
  await deps.store.transaction((tx) => tx.addReport(record));
  return renderReportPreview(view, record);
}

/** A click on *Post it here*. A report is posted once, however often and to however many bots it is clicked. */
export async function postReportHere(deps: Deps, click: ButtonClick): Promise<string | null> {
  const now = deps.clock.now();
  const answer = await deps.store.transaction(async (tx) => {
    const record = await tx.report(click.value);
    if (!record) return 'Restage does not know this report. Ask for it again with `/restage report`.';
    if (await tx.deliveryOf('report', record.id)) return 'This report is posted already.';
    await wantReport(deps, tx, record);
    const who = `${click.person.teamId}/${click.person.userId}`;
    await tx.audit({ at: now, who, what: 'post report', about: `report ${record.id}` });
    return 'The report is on its way to this channel. If it does not come, invite me here and ask again.';
  });
  await deps.chat.respond(click.responseUrl, renderNotice(answer), 'replaces');
  return null;
}

/** Posts a plan's report. Returns false, and posts nothing, if its slot is served already or nothing was counted. */
export async function postReport(deps: Deps, tx: Tx, record: ReportRecord): Promise<boolean> {
  if (!(await tx.addReport(record))) return false;
  if (isEmptyReport(await tx.countForReport(record.region, record.period))) return false;
  await wantReport(deps, tx, record);
  return true;
}

async function wantReport(deps: Deps, tx: Tx, { id: subjectId, channel }: ReportRecord): Promise<void> {
  const delivery = {
    id: deps.newId(),
    kind: 'report',
    subjectId,
    channel,
    parentId: null,
    body: null,
  } as const;
  await tx.wantDelivery(delivery, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel });
}
