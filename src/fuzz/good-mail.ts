import { writeMail } from '../bench/mails.ts';

/** Returns a mail that every door takes in, with the line ends that SMTP wants. */
export function writeGoodMail(index: number, device: string): Buffer {
  const mail = writeMail({ index, device, server: 'int-38', at: new Date() });
  return Buffer.from(mail.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
