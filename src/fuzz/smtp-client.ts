import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** As long as a sender waits for the reply to a mail (RFC 5321 section 4.5.3.2.6), in ms. */
const replyWithinMs = 600_000;

/** A client that sends what it is given, byte by byte, and hands the server's replies over as they are. */
export class SmtpClient {
  readonly #socket: Socket;
  #received = '';
  #closed = false;
  /** Called when something was received, or the connection closed. */
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text) => {
      this.#received += String(text);
      this.#wake();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Connects, and says hello. */
  static async open(port: number): Promise<SmtpClient> {
    const client = await SmtpClient.connect(port);
    await client.say('EHLO int-38.example.net');
    return client;
  }

  /** Connects, and waits for the greeting. */
  static async connect(port: number): Promise<SmtpClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new SmtpClient(socket);
    await once(socket, 'connect');
    await client.reply();
    return client;
  }

  /** Whether the server, or the network, has closed the connection. */
  get closed(): boolean {
    return this.#closed;
  }

  write(bytes: Buffer | string): void {
    this.#socket.write(bytes);
  }

  /** Returns the next reply, all its lines; '' if the connection was closed instead. @throws Error after 10 min of silence. */
  async reply(): Promise<string> {
    for (;;) {
      const end = /^\d{3}(?: .*)?\r\n/m.exec(this.#received);
      if (end) {
        const length = end.index + end[0].length;
        const reply = this.#received.slice(0, length);
        this.#received = this.#received.slice(length);
        return reply;
      }
      if (this.#closed) return '';
      await this.#more();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error('the listener did not reply within 10 min')),
        replyWithinMs,
      );
      this.#wake = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  /** Sends one line, and returns the reply's code; 0 if the connection was closed. */
  async say(line: string): Promise<number> {
    this.write(`${line}\r\n`);
    return Number((await this.reply()).slice(-200).match(/^(\d{3})(?: |\r)/m)?.[1] ?? 0);
  }

  /** Sends a mail in one transaction; returns the code that decided. */
  async send(sender: string, bytes: Buffer): Promise<number> {
    const mail = await this.say(`MAIL FROM:<${sender}>`);
    if (mail !== 250) return mail;
    const recipient = await this.say('RCPT TO:<alerts@example.net>');
    if (recipient !== 250) return recipient;
    const data = await this.say('DATA');
    if (data !== 354) return data;
    this.write(stuff(bytes));
    return this.say('.');
  }

  end(): void {
    this.#socket.destroy();
  }
}

/** RFC 5321 section 4.5.2: a line that begins with a dot gets another one. */
function stuff(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll(/(^|\r\n)\./g, '$1..'), 'latin1');
}
