import { randomBytes } from 'node:crypto';
import { isRecord } from './record.ts';
import { isAccepted } from './content.ts';
import { checkView } from './block-kit/check-blocks.ts';
import { limits } from './limits.ts';
import type { Change, OpenView } from './model.ts';
import type { Signal } from './signal.ts';
import { withIds } from './state.ts';
import { ApiError } from './web-api/call.ts';

/** The modals that people have open, as stacks of three at most, and the Home tabs. */
export class ViewStore {
  readonly #changes: Signal<Change>;
  readonly #open = new Map<string, OpenView>();

  constructor(changes: Signal<Change>) {
    this.#changes = changes;
  }

  all(): readonly OpenView[] {
    return [...this.#open.values()];
  }

  get(id: string): OpenView | null {
    return this.#open.get(id) ?? null;
  }

  find(id: string, externalId: string): OpenView {
    const byExternalId = () => this.all().find((view) => externalId !== '' && view.externalId === externalId);
    const view = this.#open.get(id) ?? byExternalId();
    if (!view) throw new ApiError('not_found');
    return view;
  }

  /** Opens a modal; what the person had open is closed. */
  open(userId: string, payload: unknown): OpenView {
    const content = readView(payload, 'modal');
    this.closeModals(userId);
    return this.#put(this.#create(userId, content, null));
  }

  /** Opens a modal above another one of the same person. */
  push(below: OpenView, payload: unknown): OpenView {
    const content = readView(payload, 'modal');
    const stack = this.all().filter((view) => view.rootViewId === below.rootViewId);
    if (stack.length >= limits.viewStack) throw new ApiError('push_limit_reached');
    return this.#put(this.#create(below.userId, content, below));
  }

  update(view: OpenView, payload: unknown, hash: string): OpenView {
    if (hash !== '' && hash !== view.hash) throw new ApiError('hash_conflict');
    return this.#put({ ...view, ...readView(payload, view.type), hash: newHash() });
  }

  /** Shows this on the person's Home tab. */
  publish(userId: string, payload: unknown, hash: string): OpenView {
    const home = this.all().find((view) => view.userId === userId && view.type === 'home');
    if (hash !== '' && hash !== home?.hash) throw new ApiError('hash_conflict');
    const content = readView(payload, 'home');
    return this.#put(home ? { ...home, ...content, hash: newHash() } : this.#create(userId, content, null));
  }

  /** The modal of this person that is on top. */
  top(userId: string): OpenView | null {
    return this.all().findLast((view) => view.userId === userId && view.type === 'modal') ?? null;
  }

  close(view: OpenView): void {
    this.#open.delete(view.id);
    this.#changes.emit({ kind: 'view-closed', viewId: view.id });
  }

  closeModals(userId: string): void {
    for (const view of this.all()) {
      if (view.userId === userId && view.type === 'modal') this.close(view);
    }
  }

  #create(userId: string, content: ViewContent, below: OpenView | null): OpenView {
    const { externalId } = content;
    if (externalId !== '' && this.all().some((view) => view.externalId === externalId)) {
      throw new ApiError('duplicate_external_id');
    }
    const id = `V${randomBytes(5).toString('hex').toUpperCase()}`;
    return {
      ...content,
      id,
      userId,
      hash: newHash(),
      previousViewId: below?.id ?? null,
      rootViewId: below?.rootViewId ?? id,
    };
  }

  #put(view: OpenView): OpenView {
    this.#open.set(view.id, view);
    this.#changes.emit({ kind: 'view', view });
    return view;
  }
}

type ViewContent = Omit<OpenView, 'id' | 'userId' | 'hash' | 'previousViewId' | 'rootViewId'>;

function newHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${randomBytes(4).toString('hex')}`;
}

function readView(payload: unknown, type: OpenView['type']): ViewContent {
  const problems = checkView(payload);
  const blocks = isRecord(payload) ? payload['blocks'] : null;
  if (!isRecord(payload) || !isAccepted(blocks, problems)) throw new ApiError('invalid_arguments', problems);
  if (JSON.stringify(payload).length > limits.viewBytes) throw new ApiError('view_too_large');
  if (payload['type'] !== type) throw new ApiError('invalid_arguments', [`[ERROR] must be a ${type} view`]);
  const text = (name: string) => (typeof payload[name] === 'string' ? payload[name] : '');
  const label = (name: string) => (isRecord(payload[name]) ? String(payload[name]['text']) : null);
  return {
    type,
    callbackId: text('callback_id'),
    title: label('title') ?? '',
    submit: label('submit'),
    close: label('close'),
    blocks: withIds(blocks),
    privateMetadata: text('private_metadata'),
    externalId: text('external_id'),
    notifyOnClose: payload['notify_on_close'] === true,
  };
}
