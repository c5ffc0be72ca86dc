import type { ChatMessage } from '../domain/chat.ts';
import type { Symptom } from '../domain/symptom.ts';
import { renderMarkup } from './notice.ts';
import { nameSymptom } from './why-ticket.ts';
import { countOf, showDuration } from './wording.ts';

/** The flapping part of a ticket. */
export interface FlappingView {
  /** The symptoms that flap. */
  readonly symptoms: readonly Symptom[];
  /** The number of all symptoms of the ticket. */
  readonly of: number;
  /** How often one of them recovered in 24 h. */
  readonly flaps: number;
  /** The ticket closes after so long without a failure, in ms. */
  readonly quietMs: number;
}

/** One line of a ticket's thread: what comes and goes, how often, and when the ticket closes. */
export function renderFlapping({ symptoms, of, flaps, quietMs }: FlappingView): ChatMessage {
  const closing = `The ticket closes once nothing has failed for ${showDuration(quietMs)}.`;
  return renderMarkup(`:repeat: ${describe(symptoms, of)} recovered ${flaps} times in 24 h. ${closing}`);
}

function describe(symptoms: readonly Symptom[], of: number): string {
  const [first] = symptoms;
  if (!first || symptoms.length === of) return 'It comes and goes: it';
  if (symptoms.length === 1) return `${nameSymptom(first)} comes and goes: it`;
  return `${symptoms.length} of ${countOf(of, 'symptom')} come and go: they`;
}
