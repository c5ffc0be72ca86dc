import type { Command } from 'commander';
import { createLog } from '../adapters/log/pino-log.ts';
import { noSnapshot, openInventory } from '../app/open-sources.ts';
import { ConfigError, renderFaults } from '../config/faults.ts';
import type { CommandContext } from './terminal.ts';
import { configOption, loadSiteConfig } from './terminal.ts';

/** `restage check`: names every fault of a config with its line; exit code 1 when there is one. */
export function addCheckCommand(program: Command, context: CommandContext): void {
  program
    .command('check')
    .argument('[file]', 'the config file, as with --config')
    .description('check a config: file, line and key of each fault')
    .option(...configOption)
    .option('--secrets', 'also demand the tokens and passwords that `restage start` needs')
    .action(async (named: string | undefined, options: { config: string; secrets?: boolean }) => {
      const file = named ?? options.config;
      try {
        const loaded = loadSiteConfig(file, context, { requireSecrets: options.secrets === true });
        const { config, warnings } = loaded;
        const inventory = await openInventory(loaded, noSnapshot, createLog('warn'));
        const counts = [
          `${config.thresholds.length} thresholds`,
          `${config.routing.regions.length} regions`,
          `${config.servers.length} servers`,
          `${inventory?.all().length ?? 0} devices`,
        ];
        if (warnings.length > 0) context.stderr.write(`Warnings:\n${renderFaults(warnings)}\n`);
        context.stdout.write(`${file}: no fault found (${counts.join(', ')})\n`);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const n = error.faults.length;
        context.stderr.write(`${renderFaults(error.faults)}\n${n} ${n === 1 ? 'fault' : 'faults'} found\n`);
        context.fail(1);
      }
    });
}
