import ssh2 from 'ssh2';

/**
 * Generates an ed25519 key pair, in OpenSSH's form.
 * One pair in 256 that ssh2 generates cannot be parsed: it cuts leading zeros off the public key. Such a pair is
 * dropped here.
 * @see https://github.com/mscdex/ssh2/issues/1390
 */
export function generateKeyPair(): { readonly public: string; readonly private: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}
