import { host, readableFile, text, wholeNumber } from './fields.ts';

export const createKey = 'Create it (ssh-keygen -t ed25519 -f FILE), or remove the server.';

const userName = text("a user's name", 'restage', /^[^\s@:-][^\s@:]*$/);

/** How a host is reached and known, the servers and those before them alike. */
export function hostFields(resolvePath: (path: string) => string) {
  return {
    host: host('int-38.example.net'),
    port: wholeNumber({ min: 1, max: 65_535 }, '22').default(22),
    user: userName,
    privateKeyFile: readableFile(resolvePath, 'keys/int-38', createKey).nullable().default(null),
    agentSocket: text('the absolute path of a socket', '/run/restage/agent.sock', /^\/\S*$/)
      .nullable()
      .default(null),
    hostKey: text("a host key's fingerprint", 'SHA256:…', /^SHA256:[A-Za-z0-9+/]{43}=?$/)
      // Some tools write the padding of the base64, ssh-keygen does not.
      .transform((fingerprint) => fingerprint.replace(/=$/, ''))
      .nullable()
      .default(null),
    knownHostsFile: readableFile(resolvePath, 'keys/known_hosts').nullable().default(null),
  };
}
