import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bot } from '../../bench/bot.ts';
import { type CommandSite, startCommandSite } from '../../bench/command-site.ts';
import type { PostgresServer } from '../../bench/servers/postgres.ts';
import { createDisposer } from '../disposer.ts';
import { createMachine, type Machine } from '../machine.ts';

/** A distribution server on a machine of its own, the bots beside it, and what of it can break. */
export interface RunWorld {
  readonly site: CommandSite;
  readonly machine: Machine;
  /** Those that run; the last one is the next to break. */
  readonly bots: Bot[];
  /** The lines that commands have appended on the server. */
  readonly marks: () => readonly string[];
  close(): Promise<void>;
}

export async function startRunWorld(botCount: number, postgres: PostgresServer): Promise<RunWorld> {
  const disposer = createDisposer();
  try {
    const machine = await createMachine();
    disposer.add(() => machine.remove());
    const { address, enter } = machine;
    const site = await startCommandSite({
      machine: { address, enter, mounts: [] },
      program: writeProgram,
      atOnce: 3,
      postgres,
    });
    disposer.add(() => site.close());
    const bots: Bot[] = [];
    disposer.add(() => Promise.all(bots.map((bot) => bot.kill())));
    while (bots.length < botCount) bots.push(await site.startBot(bots.length + 1));
    return {
      site,
      machine,
      bots,
      marks: () => readFileSync(marksIn(site.folder), 'utf8').split('\n').filter(Boolean),
      close: () => disposer.dispose(),
    };
  } catch (error) {
    await disposer.dispose();
    throw error;
  }
}

/** It waits a moment, appends a line, and waits again. */
function writeProgram(folder: string): string {
  const program = path.join(folder, 'append');
  writeFileSync(marksIn(folder), '');
  const lines = ['#!/bin/sh', 'sleep "$2"', `echo "$1" >>'${marksIn(folder)}'`, 'sleep "$2"'];
  writeFileSync(program, `${lines.join('\n')}\n`, { mode: 0o755 });
  return program;
}

function marksIn(folder: string): string {
  return path.join(folder, 'marks');
}
