/** How far a run is, as the server says. `size` is all output there is; `output` what of it came with this answer. */
export interface RunReport {
  readonly state: (typeof states)[number];
  /** The exit code, or `never` where it was stopped before it began; for a lost run `gone` or `rebooted`. */
  readonly detail: string;
  readonly ageS: number;
  readonly size: number;
  /** Where the server refused: its words. */
  readonly output: Buffer;
}

const states = [
  'ready',
  'refused',
  'starting',
  'there',
  'running',
  'exit',
  'lost',
  'missing',
  'stopped',
  'pruned',
] as const;

export interface Answer {
  /** Which call it answers. */
  readonly key: string;
  readonly report: RunReport;
}

/**
 * Reads the answers from what a shell prints. They are known by the nonce, which nobody else knows; whatever else is printed,
 * by login files for instance, is skipped. Output stands in an answer by its length, so that nothing in it is mistaken.
 */
export function createAnswerReader(nonce: string): (chunk: Buffer) => Answer[] {
  const mark = Buffer.from(`${nonce} `);
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const answers: Answer[] = [];
    for (;;) {
      const at = rest.indexOf(mark);
      const end = at === -1 ? -1 : rest.indexOf('\n', at);
      if (at === -1) rest = rest.subarray(Math.max(0, rest.length - mark.length));
      if (end === -1) return answers;
      const answer = readHeader(rest.toString('latin1', at + mark.length, end));
      const length = answer?.length ?? 0;
      if (rest.length < end + 1 + length) return answers;
      if (answer) {
        const output = Buffer.from(rest.subarray(end + 1, end + 1 + length));
        answers.push({ key: answer.key, report: { ...answer.report, output } });
      }
      rest = rest.subarray(end + 1 + length);
    }
  };
}

interface Header extends Answer {
  /** How many bytes of output follow. */
  readonly length: number;
}

function readHeader(line: string): Header | null {
  const [key = '', word, detail = '', age, size, length] = line.split(' ');
  const state = states.find((one) => one === word);
  if (!state || !/^\d+$/.test(length ?? '')) return null;
  const report = { state, detail, ageS: Number(age), size: Number(size), output: Buffer.alloc(0) };
  return { key, report, length: Number(length) };
}

/** Word that a run has ended, which comes unasked. */
export interface EndNotice {
  readonly id: string;
  readonly exitCode: number;
  readonly printedNothing: boolean;
}

export function readEndNotice(line: string, nonce: string): EndNotice | null {
  const [mark, word, id = '', code = '', printed] = line.split(' ');
  if (mark !== nonce || word !== 'end' || !/^\d{1,3}$/.test(code)) return null;
  return { id, exitCode: Number(code), printedNothing: printed === 'nothing' };
}
