import { startControl } from '../adapters/control/control.ts';
import type { createQueue } from '../adapters/queue/queue.ts';
import type { createSlack } from '../adapters/slack/slack.ts';
import type { Config } from '../config/config.ts';
import type { Intake } from '../domain/intake.ts';
import type { Deps } from '../workflows/deps.ts';
import { handleClick } from '../workflows/handle-click.ts';
import { handleCommand } from '../workflows/handle-command.ts';
import { handleSubmission } from '../workflows/handle-submission.ts';
import { operateBot } from '../workflows/operations.ts';
import type { Workers } from '../workflows/workers.ts';
import type { ClosingList } from './closing-list.ts';
import type { followSources } from './open-sources.ts';

type Queue = Awaited<ReturnType<typeof createQueue>>;
type Slack = ReturnType<typeof createSlack>;

/** What a start begins, in this order. */
interface Parts {
  readonly closing: ClosingList;
  readonly config: Config;
  readonly deps: Deps;
  readonly workers: Workers;
  readonly queue: Queue;
  readonly slack: Slack;
  readonly sources: ReturnType<typeof followSources>;
  readonly intakes: readonly Intake[];
}

/** Takes up what was left undone, and lets mail in last. Before each step it asks by `goOn` whether it is still to. */
export async function startAll(parts: Parts, goOn: () => void): Promise<void> {
  const { closing, config, deps, workers, queue, slack, sources, intakes } = parts;
  closing.add(() => workers.stop());
  await workers.start(queue);
  goOn();
  closing.add(() => slack.stop());
  await slack.start({
    onCommand: (command) => handleCommand(deps, command),
    onClick: (click) => handleClick(deps, click),
    onSubmit: (submission) => handleSubmission(deps, submission),
  });
  goOn();
  const control = await startControl(config.control.socket, ({ operation, input }) =>
    operateBot(deps, operation, input),
  );
  closing.add(() => control.stop());
  // Before the mail: what is announced already is to be known by then.
  closing.add(() => sources.stop());
  await sources.start();
  for (const intake of intakes) {
    goOn();
    closing.add(() => intake.stop());
    await intake.start();
  }
}
