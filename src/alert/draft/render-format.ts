import type { AlertFormat } from '../../domain/policy.ts';

/**
 * Returns the section `formats` with this format after the shipped ones, which a section without them would switch off;
 * YAML 1.2.
 */
export function renderFormat(format: AlertFormat, shipped: readonly string[]): string {
  const { literals, extract, recovers } = format;
  return [
    'formats:',
    ...shipped.map((name) => `  - ${name}`),
    `  - name: ${quote(format.name)}`,
    ...places(
      'literals',
      literals.map(({ in: place, text }) => ({ in: place, name: 'text', text })),
    ),
    '    match: []',
    ...places('extract', extract.map(patternOf)),
    ...(recovers.length === 0 ? [] : places('recovers', recovers.map(patternOf))),
    '',
  ].join('\n');
}

interface Entry {
  readonly in: string;
  readonly name: string;
  readonly text: string;
}

function patternOf({ in: place, pattern }: { readonly in: string; readonly pattern: string }): Entry {
  return { in: place, name: 'pattern', text: pattern };
}

function places(key: string, entries: readonly Entry[]): readonly string[] {
  if (entries.length === 0) return [`    ${key}: []`];
  return [
    `    ${key}:`,
    ...entries.map(({ in: place, name, text }) => `      - { in: ${quote(place)}, ${name}: ${quote(text)} }`),
  ];
}

/** Single quotes leave backslashes as they are, but can't hold what is not printed. */
function quote(text: string): string {
  if (/^[a-z]+$/.test(text)) return text;
  if (/^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const hex = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, hex);
}
