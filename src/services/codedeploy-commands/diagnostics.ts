import { errorCodeOf, type Diagnostics } from '../../deploy/deployment-target.ts'
import type { Envelope } from './commands-operation.ts'
import { clientError } from './errors.ts'

/** AWS documents the log's tail as 4 KB. */
const logTailMax = 4096
const textMax = 4096
/** Agents' own model says 8,192; their logs are 2 KB, which escaping makes up to six times as long. */
const payloadMax = 64 * 1024

/** What an agent says of a command's end: `{"error_code", "script_name", "message", "log"}` (fact sheet §1.5). */
export function openDiagnostics(envelope: Envelope | undefined): Diagnostics {
  const payload = openPayload(envelope)
  const code = Number(payload['error_code'] ?? 0)
  return {
    errorCode: errorCodeOf(code),
    scriptName: textOf(payload['script_name']).slice(0, textMax),
    message: explained(code, textOf(payload['message']).trim()).slice(0, textMax),
    logTail: textOf(payload['log']).slice(-logTailMax),
  }
}

function openPayload(envelope: Envelope | undefined): Record<string, unknown> {
  const { Format = 'JSON', Payload } = envelope ?? {}
  if (Format !== 'JSON') throw clientError(`The format of Diagnostics is ${Format}, not JSON`)
  if (!Payload) return {}
  if (Payload.length > payloadMax) {
    throw clientError(`The payload of Diagnostics has more than ${payloadMax} characters`)
  }
  try {
    const value: unknown = JSON.parse(Payload)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Not JSON: said below.
  }
  throw clientError('The payload of Diagnostics is not a JSON object')
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
