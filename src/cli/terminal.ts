import { shippedFormats } from '../alert/shipped-formats.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { loadConfig } from '../config/load-config.ts';

/** What a command line is connected to. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Calls back once when the process is asked to stop. */
  onStopSignal(stop: () => void): void;
}

/** A command's surroundings. */
export interface CommandContext extends Terminal {
  /** The command failed; the process ends with this code when the command is through. */
  fail(exitCode: number): void;
}

export const configOption = ['-c, --config <file>', 'the config file', 'restage.yaml'] as const;

export function loadSiteConfig(
  file: string,
  context: CommandContext,
  options: { requireSecrets: boolean },
): LoadedConfig {
  const shippedFormatNames = Object.keys(shippedFormats);
  return loadConfig(file, context.env, { shippedFormatNames, ...options });
}
