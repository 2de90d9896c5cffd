import { DriverError } from '../kernel/errors.ts'

/** What an agent says of one command: that it takes it, or how it ended. */
export interface Update {
  readonly HostCommandIdentifier: string
  readonly CommandStatus: string
  readonly Diagnostics: { readonly Format: string; readonly Payload: string }
}

export type Call = (operation: string, input: object) => Promise<Record<string, unknown>>

interface Waiting {
  readonly update: Update
  resolve(status: string): void
  reject(reason: unknown): void
}

/** Of one request; the server takes 1,000. */
const updatesMax = 500

/**
 * Tells of commands, and resolves to the status that each then has: one that comes alone goes at once, those that come while it is under
 * way go together after it. A host with many machines has as many commands of one moment.
 */
export function updatesTogether(call: Call): (update: Update) => Promise<string> {
  let waiting: Waiting[] = []
  let isSending = false

  async function send(): Promise<void> {
    isSending = true
    // What is said in the same moment is there after it.
    await Promise.resolve()
    while (waiting.length > 0) {
      const taken = waiting.slice(0, updatesMax)
      waiting = waiting.slice(updatesMax)
      await tell(call, taken)
    }
    isSending = false
  }

  return (update) =>
    new Promise((resolve, reject) => {
      waiting.push({ update, resolve, reject })
      if (!isSending) void send()
    })
}

async function tell(call: Call, taken: readonly Waiting[]): Promise<void> {
  try {
    const Updates = taken.map(({ update }) => update)
    const answer = await call('PutHostCommandUpdates', { Updates })
    const results = (answer['Results'] ?? []) as readonly Record<string, string | undefined>[]
    for (const [index, { resolve, reject }] of taken.entries()) {
      const { CommandStatus, ErrorMessage } = results[index] ?? {}
      if (CommandStatus !== undefined) resolve(CommandStatus)
      else {
        const message = `PutHostCommandUpdates was refused: ${ErrorMessage ?? 'no answer'}`
        reject(new DriverError(message, { retryable: ErrorMessage === undefined }))
      }
    }
  } catch (thrown) {
    for (const { reject } of taken) reject(thrown)
  }
}
