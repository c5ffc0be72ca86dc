import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';
import { contentType, readBody, sendJson, sendText } from './http.ts';
import type { PostedMessage } from './model.ts';
import { readFaults } from './read-faults.ts';
import type { Routes } from './server.ts';
import type { CallRecord } from './web-api/api.ts';

interface ControlParts {
  readonly misbehave: (fault: Fault) => void;
  readonly messages: () => readonly PostedMessage[];
  readonly calls: () => readonly CallRecord[];
}

/** What other processes may do to the workspace and see of it; see `faults.ts`. */
export function controlRoutes({ misbehave, messages, calls }: ControlParts): Routes {
  return {
    'POST /control': async (request, response, name) => {
      if (name !== 'faults') sendText(response, 404, 'not found');
      else await takeFaults(misbehave, request, response);
    },
    'GET /control': async (_request, response, name) => {
      if (name === 'messages') sendJson(response, 200, { messages: messages() });
      else if (name === 'calls') sendJson(response, 200, { calls: calls() });
      else sendText(response, 404, 'not found');
    },
  };
}

async function takeFaults(
  misbehave: (fault: Fault) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A form of another site can't have this type without asking first.
  if (contentType(request) !== 'application/json') {
    sendText(response, 400, 'faults are sent as application/json');
    return;
  }
  try {
    const faults = readFaults(JSON.parse((await readBody(request)).toString()));
    for (const fault of faults) misbehave(fault);
    response.writeHead(204).end();
  } catch (error) {
    sendText(response, 400, error instanceof Error ? error.message : 'not readable');
  }
}
