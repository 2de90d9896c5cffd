import type { Scope } from '../kernel/scope.ts'
import type { Logs } from '../logs/create-logs.ts'
import { LogRefusal } from '../logs/refusal.ts'

/** A stream that the platform itself writes to. Both are made when there is something to write. */
export interface OwnStream {
  readonly scope: Scope
  readonly groupName: string
  readonly streamName: string
}

/** Under the bounds of one PutLogEvents, whatever the lines are made of. */
const linesMax = 5000
const charactersMax = 250_000
/** A line that goes on and on is cut there. */
const lineLengthMax = 64 * 1024
/** Of groups that nobody has given another retention. */
const retentionDays = 14

/** Resolves when the lines are on disk. Lines without anything are left out. */
export async function writeLines(
  logs: Logs,
  stream: OwnStream,
  lines: readonly string[],
): Promise<void> {
  const at = logs.context.clock.now()
  for (const batch of batchesOf(lines)) {
    const events = batch.map((message) => ({ at, message }))
    try {
      await logs.put({ ...stream, events })
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown
      await makeStream(logs, stream)
      await logs.put({ ...stream, events })
    }
  }
}

function* batchesOf(lines: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = []
  let characters = 0
  for (const whole of lines) {
    const line = whole.slice(0, lineLengthMax)
    if (line === '') continue
    if (batch.length >= linesMax || characters + line.length > charactersMax) {
      yield batch
      batch = []
      characters = 0
    }
    batch.push(line)
    characters += line.length
  }
  if (batch.length > 0) yield batch
}

async function makeStream(logs: Logs, { scope, groupName, streamName }: OwnStream): Promise<void> {
  await ignoreExisting(logs.groups.create(scope, { name: groupName, retentionDays }))
  await ignoreExisting(logs.groups.createStream(scope, groupName, { name: streamName }))
}

async function ignoreExisting(making: Promise<unknown>): Promise<void> {
  await making.catch((thrown: unknown) => {
    const exists = thrown instanceof LogRefusal && thrown.code === 'ResourceAlreadyExistsException'
    if (!exists) throw thrown
  })
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof LogRefusal && thrown.code === 'ResourceNotFoundException'
}
