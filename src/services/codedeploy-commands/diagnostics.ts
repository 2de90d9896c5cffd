import { errorCodeOf } from '../../deploy/host-commands.ts'
import type { Diagnostics } from '../../deploy/deployment-target.ts'
import type { Envelope } from './commands-operation.ts'
import { clientError } from './errors.ts'

/** AWS documents the log's tail as 4 KB. */
const logTailMax = 4096
const textMax = 4096

/** What an agent says of a command's end: `{"error_code", "script_name", "message", "log"}` (fact sheet §1.5). */
export function openDiagnostics(envelope: Envelope | undefined): Diagnostics {
  let payload: Record<string, unknown> = {}
  try {
    if (envelope?.Payload) payload = JSON.parse(envelope.Payload) as Record<string, unknown>
  } catch {
    throw clientError('The payload of Diagnostics is not JSON')
  }
  const code = Number(payload['error_code'] ?? 0)
  return {
    errorCode: errorCodeOf(code),
    scriptName: textOf(payload['script_name']).slice(0, textMax),
    message: explained(code, textOf(payload['message']).trim()).slice(0, textMax),
    logTail: textOf(payload['log']).slice(-logTailMax),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Two codes of AWS's agents that have no name in the API. */
function explained(code: number, message: string): string {
  if (code === 6) {
    return `${message} (the script ended, but a process that it started keeps its output open: redirect the output of background processes)`
  }
  if (code === 7) return `${message} (the agent was restarted while the script ran)`
  return message === 'Succeeded:' || message === '' ? 'Succeeded' : message
}
