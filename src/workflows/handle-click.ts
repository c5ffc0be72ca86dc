import type { ButtonClick, ChatMessage } from '../domain/chat.ts';
import { actions } from '../messages/actions.ts';
import { renderNotice } from '../messages/notice.ts';
import { askAboutTicket, clickTicket, takeUpTicket } from './ticket/care-for-ticket.ts';
import { askForCanary, clickGoOn } from './redistribution/canary.ts';
import { clickApprove } from './redistribution/decide-redistribution.ts';
import { resolveByPerson } from './redistribution/resolve-unknown.ts';
import { askToStop } from './redistribution/stop-redistribution.ts';
import {
  askWhatToEdit,
  askWhatToSelect,
  askWhyToReject,
  showInFull,
  turnPage,
} from './redistribution/look-at-proposal.ts';
import type { Deps } from './deps.ts';
import { clickApproveDryRun } from './redistribution/approve-dry-run.ts';
import { askToDismiss, undoDismissal } from './redistribution/failures.ts';
import { askForException } from './redistribution/approve-exception.ts';
import { askForDryRun } from './redistribution/begin-dry-run.ts';
import { lookAtMail, readmitByClick } from './intake/mails-in-slack.ts';
import { draftByClick, letInByClick } from './intake/unknown-in-slack.ts';
import { switchPagingAnyway } from './paging/paging-command.ts';
import { askForOutage, endOutageNow, planOutageAnyway } from './outage/note-outage.ts';
import { askForThreshold, undoThresholdByClick } from './counting/thresholds-in-slack.ts';
import { findByOffer, findByTicket } from './recovery/find-what-failed.ts';
import { passOn } from './paging/pass-on.ts';
import { askWhatToDrop } from './ticket/drop-symptoms.ts';
import { openHeldNow } from './ticket/open-held.ts';
import { turnTicketPage } from './ticket/list-tickets.ts';
import { postReportHere } from './report/report.ts';
import { retryDelivery } from './delivery/undelivered.ts';

/** A click on one of our buttons. What a person should know and the message does not show is said to them alone. */
export async function handleClick(deps: Deps, click: ButtonClick): Promise<void> {
  const answer = await act(deps, click);
  if (answer === null) return;
  const message = typeof answer === 'string' ? renderNotice(answer) : answer;
  await deps.chat.respond(click.responseUrl, message);
}

async function act(deps: Deps, click: ButtonClick): Promise<string | ChatMessage | null> {
  switch (click.actionId) {
    case actions.mailLook:
      return lookAtMail(deps, click);
    case actions.mailReadmit:
      return readmitByClick(deps, click);
    case actions.mailDraft:
      return draftByClick(deps, click);
    case actions.mailLetIn:
      return letInByClick(deps, click);
    case actions.ticketAcknowledge:
      return clickTicket(deps, click, 'acknowledge');
    case actions.pageAcknowledge:
      return clickTicket(deps, click, 'acknowledge');
    case actions.pagePassOn:
      return passOn(deps, click);
    case actions.ticketRepaired:
      return clickTicket(deps, click, 'repair');
    case actions.ticketResolve:
      return clickTicket(deps, click, 'resolve');
    case actions.ticketReopen:
      return clickTicket(deps, click, 'reopen');
    case actions.ticketWake:
      return clickTicket(deps, click, 'wake');
    case actions.ticketAssign:
      return askAboutTicket(deps, click, 'assign');
    case actions.ticketSnooze:
      return askAboutTicket(deps, click, 'snooze');
    case actions.ticketDrop:
      return askWhatToDrop(deps, click);
    case actions.ticketTakeUp:
      return takeUpTicket(deps, click);
    case actions.ticketOpenNow:
      return openHeldNow(deps, click);
    case actions.ticketOutage:
      return askForOutage(deps, click);
    case actions.ticketRedistribute:
      return findByTicket(deps, click);
    case actions.recoveryRedistribute:
      return findByOffer(deps, click);
    default:
      return actOnSite(deps, click);
  }
}

/** Outages, switches, thresholds, failures and lists. */
async function actOnSite(deps: Deps, click: ButtonClick): Promise<string | ChatMessage | null> {
  switch (click.actionId) {
    case actions.outageAnyway:
      return planOutageAnyway(deps, click);
    case actions.pagingAnyway:
      return switchPagingAnyway(deps, click);
    case actions.outageEnd:
      return endOutageNow(deps, click);
    case actions.thresholdAdd:
    case actions.thresholdChange:
      return askForThreshold(deps, click);
    case actions.thresholdUndo:
      return undoThresholdByClick(deps, click);
    case actions.failuresDismiss:
      return askToDismiss(deps, click);
    case actions.failuresUndo:
      return undoDismissal(deps, click);
    case actions.ticketsNext:
    case actions.ticketsPrevious:
      return turnTicketPage(deps, click);
    case actions.reportPost:
      return postReportHere(deps, click);
    case actions.deliveryRetry:
      return retryDelivery(deps, click);
    default:
      return actOnRedistribution(deps, click);
  }
}

async function actOnRedistribution(deps: Deps, click: ButtonClick): Promise<string | ChatMessage | null> {
  switch (click.actionId) {
    case actions.redistributionApprove:
    case actions.redistributionApproveMarked:
      return clickApprove(deps, click);
    case actions.redistributionApproveException:
      return askForException(deps, click);
    case actions.redistributionReject:
      return askWhyToReject(deps, click);
    case actions.redistributionSelect:
      return askWhatToSelect(deps, click);
    case actions.redistributionDryRun:
      return askForDryRun(deps, click);
    case actions.redistributionApproveDryRun:
    case actions.redistributionApproveDryRunMarked:
      return clickApproveDryRun(deps, click);
    case actions.redistributionEdit:
      return askWhatToEdit(deps, click);
    case actions.redistributionOpenPages:
    case actions.redistributionNextPage:
    case actions.redistributionPreviousPage:
      return turnPage(deps, click);
    case actions.commandShowInFull:
    case actions.commandNextPart:
    case actions.commandPreviousPart:
      return showInFull(deps, click);
    case actions.redistributionCanary:
      return askForCanary(deps, click);
    case actions.redistributionGoOn:
      return clickGoOn(deps, click);
    case actions.redistributionStop:
      return askToStop(deps, click);
    case actions.commandRan:
      return resolveByPerson(deps, click, true);
    case actions.commandDidNotRun:
      return resolveByPerson(deps, click, false);
    default:
      return `Restage does not know the button "${click.actionId}". The message may be of another version.`;
  }
}
