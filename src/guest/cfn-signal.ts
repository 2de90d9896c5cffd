import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { instanceMetadata } from './instance-metadata.ts'
import { machineContext, ToolFailure, type MachineContext } from './machine-context.ts'
import { stackClient } from './stack-client.ts'
import { toolOptions, type ToolOptions } from './tool-options.ts'

const own = {
  success: { type: 'string', short: 's' },
  'exit-code': { type: 'string', short: 'e' },
  reason: { type: 'string', short: 'r' },
  data: { type: 'string', short: 'd' },
  id: { type: 'string', short: 'i' },
} as const

/** Tells a stack that a resource is up, or is not: `cfn-signal -e $? --stack S --resource R`, or with a wait condition's address. */
export async function cfnSignal(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const options = toolOptions(words, own)
  const url = options.value('url')
  const machine = machineContext(environment, { logFile: '/var/log/cfn-init.log', url })
  const isSuccess = succeeded(options)
  const stack = options.value('stack')
  const resource = options.value('resource')
  const [handle] = options.words
  if (stack !== undefined && resource !== undefined) {
    const uniqueId = await idOf(machine, options)
    await stackClient(machine, options).signal({ stack, resource }, { uniqueId, isSuccess })
    machine.log(`signalled ${isSuccess ? 'SUCCESS' : 'FAILURE'} to ${resource} of ${stack}`)
    return 0
  }
  if (handle === undefined) {
    throw new ToolFailure(
      'cfn-signal needs --stack and --resource, or the address of a wait condition handle',
    )
  }
  await put(machine, addressOf(handle), {
    Status: isSuccess ? 'SUCCESS' : 'FAILURE',
    Reason: options.value('reason') ?? (isSuccess ? '' : 'The signal was a failure.'),
    Data: options.value('data') ?? '',
    UniqueId: await idOf(machine, options),
  })
  return 0
}

function succeeded(options: ToolOptions): boolean {
  const code = options.value('exit-code')
  if (code !== undefined) {
    if (!/^-?\d+$/.test(code)) throw new ToolFailure(`-e takes a number, not ${code}`)
    return Number(code) === 0
  }
  const text = options.value('success') ?? 'true'
  if (!/^(true|false)$/i.test(text)) throw new ToolFailure(`-s takes true or false, not ${text}`)
  return text.toLowerCase() === 'true'
}

/** So often an instance is asked who it is before it goes by its host name: two minutes, or some seconds. */
const idTries = { asInstance: 60, asAnybody: 3 }
const idPauseMilliseconds = 250
const idPauseMaxMilliseconds = 2000

/**
 * Its instance's id. Whoever signals a resource without credentials of its own is an instance, and a signal by any other name is refused for ever: it
 * is asked again until metadata knows it.
 */
async function idOf(machine: MachineContext, options: ToolOptions): Promise<string> {
  const given = options.value('id')
  if (given !== undefined) return given
  const isInstance = options.value('stack') !== undefined && !hasCredentials(options)
  const triesMax = isInstance ? idTries.asInstance : idTries.asAnybody
  let pause = idPauseMilliseconds
  for (let tries = 1; ; tries++) {
    const id = await instanceMetadata(machine, 'meta-data/instance-id')
    if (id !== undefined) return id
    if (tries >= triesMax) return hostname()
    machine.log('instance metadata does not know this machine yet')
    await delay(pause)
    pause = Math.min(pause * 2, idPauseMaxMilliseconds)
  }
}

function hasCredentials(options: ToolOptions): boolean {
  const file = options.value('credential-file')
  return (file ?? options.value('access-key')) !== undefined
}

/** Old templates hand it over in base64, because of the shell. */
function addressOf(handle: string): string {
  return /^https?:/.test(handle) ? handle : Buffer.from(handle, 'base64').toString('utf8')
}

const triesMax = 30
const pauseMilliseconds = 1000
const answerMilliseconds = 10_000

/** The address is signed for no content type. */
async function put(machine: MachineContext, url: string, signal: object): Promise<void> {
  for (let tries = 1; ; tries++) {
    const problem = await attempt(url, JSON.stringify(signal))
    if (problem === undefined) return
    machine.log(problem.text, 'ERROR')
    if (!problem.isPassing || tries >= triesMax) throw new ToolFailure(problem.text)
    await delay(pauseMilliseconds)
  }
}

interface Problem {
  readonly text: string
  readonly isPassing: boolean
}

async function attempt(url: string, body: string): Promise<Problem | undefined> {
  try {
    const signal = AbortSignal.timeout(answerMilliseconds)
    const response = await fetch(url, { method: 'PUT', body: Buffer.from(body), signal })
    if (response.ok) return undefined
    const text = `the wait condition handle answered ${response.status}: ${await response.text()}`
    return { text, isPassing: response.status >= 500 }
  } catch (thrown) {
    return { text: `the wait condition handle does not answer: ${String(thrown)}`, isPassing: true }
  }
}
