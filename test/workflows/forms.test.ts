import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormFaults, ModalSubmission } from '../../src/domain/chat.ts';
import { canaryFormId } from '../../src/messages/canary.ts';
import { dropFormId } from '../../src/messages/drop-form.ts';
import { editFormId } from '../../src/messages/edit-form.ts';
import { dismissFormId } from '../../src/messages/failures.ts';
import { exceptionFormId } from '../../src/messages/freeze.ts';
import { outageFormId } from '../../src/messages/outage-form.ts';
import { rejectFormId } from '../../src/messages/reject-form.ts';
import { readSelectForm, selectFormId } from '../../src/messages/select-form.ts';
import { thresholdFormId } from '../../src/messages/threshold-form.ts';
import { ticketForms } from '../../src/messages/ticket-forms.ts';
import { handleSubmission } from '../../src/workflows/handle-submission.ts';
import { describeOnBothDatabases } from '../support/databases.ts';
import { createWorkbench, type Workbench } from '../support/workbench.ts';

type Values = ModalSubmission['values'];

/** A form, filled in wrongly wherever that is possible, with what it says at each field. */
const forms: readonly (readonly [id: string, values: Values, faults: Record<string, RegExp>])[] = [
  [ticketForms.assign, { assignee: null }, { assignee: /Choose a person/ }],
  [ticketForms.snooze, { duration: null }, { duration: /Choose for how long/ }],
  [dropFormId, { symptoms: [], reason: ' ' }, { symptoms: /at least one/, reason: /Say why/ }],
  [
    outageFormId,
    { target: 'building:', begin: 'soon', end: 'later', reason: null },
    { target: /^Write a device/, begin: /^Write a time/, end: /^Write how long/ },
  ],
  [
    outageFormId,
    { target: 'building:nowhere', begin: null, end: '13:99', reason: null },
    { target: /has no device in building:nowhere/, end: /^Write how long/ },
  ],
  [
    thresholdFormId,
    { for: 'planet=mars', over: null, needed: 'few', within: 'soon' },
    { for: /can't be read/, over: /^Write one of/, needed: /^Write a number/, within: /^Write a time/ },
  ],
  [rejectFormId, { reason: null }, { reason: /Say why/ }],
  [dismissFormId, { reason: '' }, { reason: /Say why/ }],
  [exceptionFormId, { reason: ' ' }, { reason: /Say why/ }],
  [
    selectFormId,
    { numbers: '1, 9, x*, 3', breadth: 'failed' },
    { numbers: /^"9" names none of the 3 commands\. "x\*" names none of the 3 commands\.$/ },
  ],
  [
    editFormId,
    { 'arguments-0': 'push\n"a\n"b', 'arguments-1': '--to\n"c' },
    { 'arguments-0': /^Line 2 begins .* Line 3 begins /, 'arguments-1': /^Line 2 begins / },
  ],
  [canaryFormId, { way: null, recipients: 'some' }, { way: /Choose one/, recipients: /whole number/ }],
];

const folder = path.resolve(import.meta.dirname, '../../src/messages');
const source = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
const known = [
  ...Object.values(ticketForms),
  ...[...source.join('\n').matchAll(/FormId = '([^']+)'/g)].map(([, id = '']) => id),
];

describeOnBothDatabases('a form that is filled in wrongly', (open) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await createWorkbench(await open());
  });
  afterAll(() => bench.close());

  async function send(callbackId: string, values: Values): Promise<FormFaults> {
    if (callbackId === selectFormId) {
      const read = readSelectForm({ values }, ['a', 'b', 'c']);
      return 'faults' in read ? read.faults : null;
    }
    const person = { teamId: 'T0RESTAGE', userId: 'U0ANA' };
    return handleSubmission(bench.deps, {
      deliveryKey: callbackId,
      callbackId,
      metadata: '',
      values,
      person,
    });
  }

  it.each(forms)('%s %j says all that is wrong at once, each at its field', async (id, values, faults) => {
    const said = await send(id, values);
    expect(Object.keys(said ?? {}).toSorted()).toEqual(Object.keys(faults).toSorted());
    for (const [field, words] of Object.entries(faults)) expect(said?.[field]).toMatch(words);
  });

  it('is any of the bot: this table has each of them', () => {
    expect([...new Set(forms.map(([id]) => id))].toSorted()).toEqual([...new Set(known)].toSorted());
  });
});
