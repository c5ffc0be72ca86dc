import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';

/**
 * The address from which our host sends to an address; null when it has no way there. Our own kernel answers
 * "unreachable" in its name for a neighbour that is silent, and that is no router's word. (The list of network
 * interfaces won't do: it leaves out those whose cable is dead.)
 */
export function findOwnAddress(towards: string): Promise<string | null> {
  const socket = createSocket(isIP(towards) === 6 ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    const end = (address: string | null) => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end(null));
    // Connecting a UDP socket only chooses the route; nothing is sent.
    socket.connect(9, towards, () => end(socket.address().address));
  });
}
