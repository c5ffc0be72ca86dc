import type { AlertFormat } from '../../domain/policy.ts';
import {
  announcedError,
  announcedLine,
  certainHostName,
  errorWords,
  failedFile,
  fileInHeading,
  fileWhenCopyFailed,
  hostName,
  originOfMail,
  packageInOutput,
  packageInText,
} from './patterns.ts';

/** Where the program ran: by the mail's way, else by its sender. */
const runner = [
  { in: 'header:received', pattern: originOfMail('distributionServer') },
  { in: 'header:from', pattern: `@(?<distributionServer>${hostName})` },
] as const;

const deviceByRoute = [
  { in: 'header:received', pattern: originOfMail('device') },
  { in: 'header:from', pattern: `@(?<device>${hostName})` },
] as const;

const mirrorTools =
  'ansible-playbook|apt|apt-get|apt-mirror|aptly|clush|curl|debmirror|dpkg|ftpsync|lftp|pdsh|reprepro|rsync|scp|tar|wget|zsync';
const otherTools =
  'bash|cat|chmod|chown|cpio|cp|dnf|dpkg-deb|dpkg-query|find|gpgv?|gunzip|gzip|install|ln|ls|md5sum|mkdir|mv|python3?|rm|rpm|sftp|sh|sha\\d+sum|ssh|unzip|xz|yum|zstd|zypper';
const tools = `(?:/[\\w./-]+/)?(?:${mirrorTools}|${otherTools})`;
const toolLine = `(?:@ERROR: |${tools}(?: (?:error|\\([^)]*\\)))?: )`;

/** Output that `chronic` let through because a command failed, mailed with the subject `TOOL on NODE failed`. */
export const chronicFormat: AlertFormat = {
  name: 'chronic',
  literals: [{ in: 'subject', text: 'failed' }],
  match: [
    {
      in: 'subject',
      pattern: `^(?:${mirrorTools}) on ${hostName} failed$`,
    },
  ],
  each: null,
  only: null,
  extract: [
    { in: 'subject', pattern: `^(?<job>\\S+) on (?<device>${hostName}) failed$` },
    ...runner,
    { in: 'body', pattern: `^[ \\t]*${announcedError}` },
    { in: 'body', pattern: announcedLine },
    { in: 'announced', pattern: packageInText },
    { in: 'body', pattern: failedFile },
    { in: 'body', pattern: fileInHeading },
    { in: 'body', pattern: packageInOutput },
  ],
  failures: [],
  ignore: [],
  recovers: [],
};

/** A file of any kind, in quotes and with its folder. */
const quotedFile = `["'‘“„«][^"'’”»]*/(?<package>[^"'’”»/\\s]+\\.[a-z0-9]{2,5})["'’”“»]`;

const failedInManyLanguages =
  '(?i)\\bfail(?:ed|ure|s)?\\b|\\berror|fehlgeschlagen|fehler|fehlt|échec|échoué|erreur|falhou|falha|\\berro\\b|falló|fallo|fallito|errore|失敗|失败|エラー|错误|오류|실패';

/**
 * What people's own scripts send with mail(1): a subject in their language that says that something failed, a tool's
 * output as body. The node stands at the subject's end, else in the mail's way.
 */
export const mailxFormat: AlertFormat = {
  name: 'mailx',
  literals: [],
  match: [
    { in: 'subject', pattern: failedInManyLanguages },
    { in: 'body', pattern: `^${toolLine}` },
  ],
  each: null,
  only: null,
  extract: [
    { in: 'subject', pattern: `(?i) (?:on|auf|sur|en|em|in|su) (?<device>${certainHostName})$` },
    { in: 'subject', pattern: `\\((?<device>${certainHostName})\\)$` },
    { in: 'subject', pattern: `(?:->|→|to|for) (?<device>${certainHostName}) failed` },
    ...deviceByRoute,
    ...runner,
    { in: 'subject', pattern: `^(?:\\[[^\\]]*\\] *)?(?<job>\\S.*?) failed on ${hostName}$` },
    { in: 'body', pattern: `^(?<announced>${toolLine}.*(?i:${errorWords}).*)` },
    { in: 'body', pattern: `^(?<announced>${toolLine}.+)` },
    { in: 'announced', pattern: packageInText },
    { in: 'body', pattern: failedFile },
    { in: 'body', pattern: fileInHeading },
    { in: 'body', pattern: packageInOutput },
    { in: 'announced', pattern: quotedFile },
    { in: 'body', pattern: fileWhenCopyFailed },
    // Only a word that looks like a package's name: with a hyphen.
    { in: 'subject', pattern: '[:：] *(?<package>[a-z][a-z0-9+.]*-[a-z0-9+._~-]+)' },
  ],
  failures: [],
  ignore: [],
  recovers: [],
};
