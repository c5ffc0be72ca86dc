/** A mail that is being received. */
export interface Upload {
  /** Bytes received so far. */
  bytes(): number;
  /** Ends its connection: it is too slow, and others wait. */
  giveUp(): void;
}

export interface LargeMail {
  /**
   * Resolves when the upload may go on, first come, first served. The caller says by `received` that it has come in whole,
   * and gives its room back by `release`, once the mail is not held anymore.
   */
  enter(upload: Upload): Promise<Room>;
}

export interface Room {
  received(): void;
  release(): void;
}

interface Held {
  readonly upload: Upload;
  bytesBefore: number;
  isReceived: boolean;
  /** Looks in a row at which it was too slow. */
  slowLooks: number;
}

const lookEveryMs = 2_000;
/** While others wait, an upload must bring so much between two looks: 16 KB a second. */
const leastBytes = 32_768;
const slowLooksAllowed = 2;

/**
 * Bounds the memory that large mails take: at most `atOnce` are received or held at the same time, whatever number of
 * connections they come over. The others wait unread, in the sockets of their senders. While one waits, an upload that
 * hardly moves is given up.
 */
export function createLargeMail(atOnce: number): LargeMail {
  const held = new Set<Held>();
  const waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | null = null;

  const look = () => {
    if (waiting.length === 0) return rest();
    for (const one of held) judge(one);
  };
  const rest = () => {
    if (timer) clearInterval(timer);
    timer = null;
  };
  const hold = (upload: Upload): Room => {
    const one: Held = { upload, bytesBefore: upload.bytes(), isReceived: false, slowLooks: 0 };
    held.add(one);
    return {
      received() {
        one.isReceived = true;
      },
      release() {
        if (held.delete(one)) waiting.shift()?.();
      },
    };
  };
  return {
    enter(upload) {
      if (held.size < atOnce) return Promise.resolve(hold(upload));
      timer ??= setInterval(look, lookEveryMs).unref();
      return new Promise((resolve) => {
        waiting.push(() => resolve(hold(upload)));
      });
    },
  };
}

function judge(one: Held): void {
  if (one.isReceived) return;
  const bytes = one.upload.bytes();
  one.slowLooks = bytes - one.bytesBefore < leastBytes ? one.slowLooks + 1 : 0;
  one.bytesBefore = bytes;
  if (one.slowLooks >= slowLooksAllowed) one.upload.giveUp();
}
