import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bot } from '../bench/bot.ts';
import { type CommandSite, startCommandSite } from '../bench/command-site.ts';
import type { Network } from './network.ts';

/** Everything around the bots, and what of it can break. */
export interface World {
  readonly site: CommandSite;
  readonly network: Network;
  /** Those that run; rounds share them, as long as nothing goes wrong. */
  readonly bots: Bot[];
  /** The lines that commands have appended on the server. */
  readonly marks: () => readonly string[];
  close(): Promise<void>;
}

export async function startWorld(network: Network): Promise<World> {
  const { serverAddress: address, server } = network;
  const machine = { address, enter: ['ip', 'netns', 'exec', server], mounts: [] };
  const site = await startCommandSite({ machine, program: writeProgram, atOnce: 3 });
  const bots: Bot[] = [];
  return {
    site,
    network,
    bots,
    marks: () => readFileSync(marksIn(site.folder), 'utf8').split('\n').filter(Boolean),
    async close() {
      for (const bot of bots) await bot.kill();
      await site.close();
    },
  };
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
