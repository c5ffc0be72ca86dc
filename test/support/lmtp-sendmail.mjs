// Takes a mail as sendmail does, and hands it to a mail server by LMTP (RFC 2033): lmtp-sendmail.mjs PORT USER <MAIL
import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const [port, user] = process.argv.slice(2);
const mail = addTrace(await text(process.stdin));
const content = mail.replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..');
const steps = [
  ['220', 'LHLO localhost'],
  ['250', 'MAIL FROM:<restage@localhost>'],
  ['250', `RCPT TO:<${user}>`],
  ['250', 'DATA'],
  ['354', `${content}\r\n.`],
  ['250', 'QUIT'],
];
const socket = connect(Number(port), '127.0.0.1');
for await (const line of createInterface({ input: socket })) {
  if (line[3] === '-') continue;
  const [code, words] = steps.shift() ?? ['221', ''];
  if (!line.startsWith(code)) throw new Error(`the mail server answered: ${line}`);
  if (code === '221') break;
  socket.write(`${words}\r\n`);
}
socket.destroy();

/** What a mail server adds where a program leaves it out (RFC 6409, section 8). */
function addTrace(written) {
  const head = written.split(/\r?\n\r?\n/, 1)[0];
  const added = [
    ['From', `${userInfo().username}@${hostname()}`],
    ['Date', new Date().toUTCString()],
    ['Message-ID', `<${randomUUID()}@${hostname()}>`],
  ].filter(([name]) => !new RegExp(`^${name}:`, 'mi').test(head));
  return added.map(([name, value]) => `${name}: ${value}\n`).join('') + written;
}
