import { ansible } from './ansible.ts';
import { clush, pdsh } from './parallel-shell.ts';
import { rsync } from './rsync.ts';
import type { Tool } from './tool.ts';

const tools: readonly Tool[] = [ansible, clush, pdsh, rsync];

/** What is known of the program that a command calls; null: nothing. */
export function toolOf(argv: readonly string[]): Tool | null {
  const program = argv[0]?.split('/').at(-1);
  return tools.find(({ programs }) => programs.some((name) => name === program)) ?? null;
}
