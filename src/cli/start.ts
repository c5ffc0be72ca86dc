import type { Command } from 'commander';
import { createLog } from '../adapters/log/pino-log.ts';
import { createApp } from '../app.ts';
import type { CommandContext } from './terminal.ts';
import { configOption, loadSiteConfig } from './terminal.ts';

/** `restage start`: runs the bot until it is asked to stop. */
export function addStartCommand(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description('run the bot until SIGINT or SIGTERM')
    .option(...configOption)
    .addHelpText(
      'after',
      `
Secrets come from the environment:
  SLACK_BOT_TOKEN, SLACK_APP_TOKEN    of the Slack app
  DATABASE_URL                        PostgreSQL; without it the embedded database
  RESTAGE_IMAP_<NAME>_PASSWORD        of each mailbox in intake.imap
  RESTAGE_HTTP_<NAME>_TOKEN           of each source in intake.http
  RESTAGE_INVENTORY_TOKEN, RESTAGE_INVENTORY_DATABASE_URL, RESTAGE_OUTAGES_DATABASE_URL
                                      where the config has such sources
`,
    )
    .action(async ({ config: file }: { config: string }) => {
      const loaded = loadSiteConfig(file, context, { requireSecrets: true });
      const log = createLog(loaded.config.log.level);
      const stopping = new AbortController();
      const { signal } = stopping;
      const stopped = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
      context.onStopSignal(() => stopping.abort());
      const app = await createApp(loaded, { log, signal }).catch((error: unknown) => {
        if (signal.aborted) return null;
        throw error;
      });
      if (app === null) return;
      try {
        // A start may wait for Slack or for servers: asked to stop, the bot goes no step further.
        const started = app.start().then(() => log.info({}, 'restage is running'));
        await Promise.race([started, stopped]);
        await stopped;
      } finally {
        await app.stop();
      }
    });
}
