import { startControl } from '../adapters/control/control.ts';
import type { createQueue } from '../adapters/queue/queue.ts';
import type { createSlack } from '../adapters/slack/slack.ts';
import type { Config } from '../config/config.ts';
import { RestageError } from '../domain/errors.ts';
import type { Intake } from '../domain/intake.ts';
import type { Deps } from '../workflows/deps.ts';
import { handleClick } from '../workflows/handle-click.ts';
import { handleCommand } from '../workflows/handle-command.ts';
import { handleSubmission } from '../workflows/handle-submission.ts';
import { operateBot } from '../workflows/operations.ts';
import type { Workers } from '../workflows/workers.ts';
import type { Steps } from './cancellable-start.ts';
import type { ClosingList } from './closing-list.ts';
import type { Health } from './open-health.ts';
import type { followSources } from './open-sources.ts';
import type { Patience } from './patience.ts';

type Queue = Awaited<ReturnType<typeof createQueue>>;
type Slack = ReturnType<typeof createSlack>;

/** What a start begins, in this order. */
interface Parts {
  readonly health: Health;
  readonly closing: ClosingList;
  readonly config: Config;
  readonly deps: Deps;
  readonly patience: Patience;
  readonly workers: Workers;
  readonly queue: Queue;
  readonly slack: Slack;
  readonly sources: ReturnType<typeof followSources>;
  readonly intakes: readonly Intake[];
}

/**
 * Takes up what was left undone, and lets mail in; Slack is joined meanwhile, and may be away. Before each step it asks
 * by `goOn` whether it is still to.
 */
export async function startAll(parts: Parts, { goOn, cancelled }: Steps): Promise<void> {
  const { closing, config, deps, patience, workers, queue, slack, sources, intakes, health } = parts;
  // First, so that a probe sees what a start waits for, and what a stop does.
  closing.add(() => health.listener.stop());
  await health.listener.start();
  goOn();
  closing.add(() => workers.stop());
  await patience.attempt(() => workers.start(queue));
  goOn();
  closing.add(() => slack.stop());
  const joining = slack.start({
    onCommand: (command) => handleCommand(deps, command),
    onClick: (click) => handleClick(deps, click),
    onSubmit: (submission) => handleSubmission(deps, submission),
  });
  // Steps and intakes may take seconds to end: meanwhile a bot that stops neither asks Slack again nor takes clicks.
  void cancelled.then(() => slack.stop()).catch(() => {});
  const control = await startControl(config.control.socket, ({ operation, input }) =>
    operateBot(deps, operation, input),
  );
  closing.add(() => control.stop());
  // Before the mail: what is announced already is to be known by then.
  closing.add(() => sources.stop());
  await patience.attempt(() => sources.start());
  goOn();
  closing.add(() => deps.suspicion.close());
  const names = intakes.map((intake) => intake.health().intake);
  await patience.attempt(() => deps.suspicion.open(names));
  for (const intake of intakes) {
    goOn();
    closing.add(() => stopWithin(intake));
    await intake.start();
  }
  // Intakes await what is being read.
  closing.add(async () => deps.stopReading());
  health.noteStarted();
  goOn();
  const failure = await Promise.race([joining, cancelled.then(() => null)]);
  goOn();
  if (failure) await startWithout(deps, failure);
}

/**
 * A refused token at the first start is the operator's slip: the start fails, and nobody has come to rely on the bot
 * yet. Later it is one more way for Slack to be away: a token revoked at night must not cost mail.
 */
async function startWithout(deps: Deps, failure: Error): Promise<void> {
  const isRefused = failure instanceof RestageError;
  if (isRefused && !(await deps.store.transaction((tx) => tx.hasPosted()))) throw failure;
  const message = 'slack is not joined: mail is taken in, and messages wait';
  if (isRefused) deps.log.error({ reason: failure.message }, message);
  else deps.log.warn({ reason: failure.message }, message);
}

/** Past this an intake's own bounds have failed; its senders keep what was not committed. */
const intakeStopMs = 10_000;

async function stopWithin(intake: Intake): Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${intake.name} did not stop in time`)), intakeStopMs);
  });
  await Promise.race([intake.stop(), late]).finally(() => {
    if (timer) clearTimeout(timer);
  });
}
