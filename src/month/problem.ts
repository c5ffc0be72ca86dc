import type { Span } from './times.ts';

export const problemKinds = [
  'server',
  'device',
  'release',
  'nightly',
  'disk',
  'flapping',
  'firewall',
  'maintenance',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** Something that is really wrong in the simulated network; a maintenance is planned, and nobody wants a ticket for it. */
export interface Problem extends Span {
  readonly id: number;
  readonly kind: ProblemKind;
  /** The device, server or package that a ticket about it must name. */
  readonly subject: string;
  /** Whoever fails because of it, the subject too if that is a device. */
  readonly devices: readonly string[];
  readonly failure: 'connection' | 'package' | 'access';
  /** The times in which it fails; several of something that comes and goes. */
  readonly failing: readonly Span[];
  /** Whether what fails answers no ping. */
  readonly isSilent: boolean;
  /** Whether mail tells that it is over. */
  readonly hasWord: boolean;
  /** The devices for which that mail is lost on its way. */
  readonly wordLostAt: readonly string[];
  /** What fails there: packages with the jobs that bring them. */
  readonly deliveries: readonly Delivery[];
}

export interface Delivery {
  readonly package: string;
  readonly job: string;
}

/** Whether mail that arrives tells that all of it is over. */
export function hasWholeWord({ hasWord, wordLostAt }: Pick<Problem, 'hasWord' | 'wordLostAt'>): boolean {
  return hasWord && wordLostAt.length === 0;
}
