/** Mails that announce nothing. */
export function noiseMails(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) =>
    [
      'From: news@elsewhere.example.org',
      'To: dist-alerts@example.net',
      `Subject: Newsletter ${n + 1}`,
      `Message-ID: <${Date.now()}.${n}@elsewhere.example.org>`,
      '',
      'Nothing failed.',
      '',
    ].join('\n'),
  );
}

const head = ['From: restage@int-1.example.net', 'To: dist-alerts@example.net', 'MIME-Version: 1.0'] as const;

/** Mails that are hard to read: parts that never end, nesting without end, headers without end. */
export function poisonMails(): readonly string[] {
  return [
    // A header alone, whose body is said to be a mail of its own, with no blank line.
    [...head, 'Content-Type: message/rfc822', 'Content-Disposition: inline'].join('\n'),
    [...head, 'Subject: nested', ...nested(200)].join('\n'),
    [...head, `Subject: ${'=?utf-8?B?w6Q=?= '.repeat(30_000)}`, '', 'text', ''].join('\n'),
    [
      ...head,
      'Content-Type: multipart/mixed; boundary=a',
      '',
      ...Array<string>(5_000).fill('--a\n\nx'),
      '',
    ].join('\n'),
  ];
}

function nested(depth: number): readonly string[] {
  return Array.from({ length: depth }, (_, n) => [
    `Content-Type: multipart/mixed; boundary=b${n}`,
    '',
    `--b${n}`,
  ]).flat();
}
