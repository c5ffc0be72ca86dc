import { type Doubt, findDoubt } from './linear-work.ts';
import type { Ranges } from './ranges.ts';
import type { Node } from './syntax.ts';

/** Whether JavaScript's engine may search for a pattern, and if so for what; else why not. */
export type NativeDecision =
  | { readonly native: true; readonly source: string }
  | { readonly native: false; readonly reason: 'not-understood' | 'group-in-repeat' | Doubt };

/** The flags that the source is written for. */
export const nativeFlags = 'gu';

/**
 * May JavaScript's own, backtracking engine look for a pattern instead of RE2's, and find exactly the same in work that
 * is linear in the text? `source` has the groups in the pattern's order, without names. It must be understood wholly:
 * - Every character and set is written out as code points, in whatever case it may be: the engines' own ideas of case,
 *   white space and line ends, which differ, are never asked. What stands for `^` and `$` knows no line end but `\n`.
 * - Both prefer what comes first of alternatives, and more or less in repeats, in the same way, but where a repeated
 *   part matches nothing or has groups: JavaScript forgets what a group held when its repeat begins anew.
 * - Linear work is what {@link findDoubt} proves.
 */
export function decideNative(pattern: Node | null): NativeDecision {
  if (pattern === null) return { native: false, reason: 'not-understood' };
  if (hasGroupInRepeat(pattern)) return { native: false, reason: 'group-in-repeat' };
  const doubt = findDoubt(pattern);
  return doubt === null ? { native: true, source: write(pattern) } : { native: false, reason: doubt };
}

function hasGroupInRepeat(node: Node, isRepeated = false): boolean {
  if (node.kind === 'set' || node.kind === 'assertion') return false;
  if (node.kind === 'group') return isRepeated || hasGroupInRepeat(node.node);
  if (node.kind === 'repeat') return hasGroupInRepeat(node.node, isRepeated || node.max > 1);
  return node.nodes.some((each) => hasGroupInRepeat(each, isRepeated));
}

const assertions: Readonly<Record<string, string>> = { '^': '(?<![^\\n])', $: '(?![^\\n])' };

function write(node: Node): string {
  if (node.kind === 'set') return writeSet(node.ranges);
  if (node.kind === 'assertion') return assertions[node.mark] ?? node.mark;
  if (node.kind === 'group') return `(${write(node.node)})`;
  if (node.kind === 'sequence') return node.nodes.map(write).join('');
  if (node.kind === 'alternatives') return `(?:${node.nodes.map(write).join('|')})`;
  const { min, max, lazy } = node;
  const most = max === Number.POSITIVE_INFINITY ? '' : max;
  return `(?:${write(node.node)}){${min},${most}}${lazy ? '?' : ''}`;
}

function writeSet(ranges: Ranges): string {
  const [only, ...others] = ranges;
  if (only && others.length === 0 && only[0] === only[1]) return writeCharacter(only[0]);
  return `[${ranges.map(([first, last]) => `${writeCharacter(first)}-${writeCharacter(last)}`).join('')}]`;
}

function writeCharacter(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}
