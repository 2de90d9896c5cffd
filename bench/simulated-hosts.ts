import { execFileSync } from 'node:child_process'
import { Agent } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { updatesTogether } from '../src/agent/updates-together.ts'
import { caller, commands, type Call, type Place } from './signed-caller.ts'

/** What a process of simulated hosts is told: `AWS` agents have a host and a connection each, `ours` carries many on one. */
export interface FleetPart {
  readonly place: Place
  readonly shape: 'AWS' | 'ours'
  readonly hosts: readonly string[]
}

export interface FleetCount {
  readonly requests: number
  /** Acknowledged with InProgress, and their completion answered. */
  readonly completed: number
  /** Connections that were turned away, and other errors; agents come again. */
  readonly failures: number
  readonly lastFailure: string
}

/** Of our agent: hosts on one connection; another is for what it says of their commands. */
const hostsOfAnAgent = 500
/** AWS's agents wait between polls; they come at a random moment of this time first. */
const betweenPollsMilliseconds = 10_000

const count = { requests: 0, completed: 0, failures: 0, lastFailure: '' }
const succeeded = {
  CommandStatus: 'Succeeded',
  Diagnostics: {
    Format: 'JSON',
    Payload: JSON.stringify({
      error_code: 0,
      script_name: '',
      message: 'Succeeded: ',
      log: '',
    }),
  },
}
const noop = { Format: 'JSON', Payload: '{"IsCommandNoop":false}' }

process.on('message', (message: FleetPart | 'count' | 'stop') => {
  if (message === 'stop') process.exit(0)
  if (message === 'count') process.send?.({ ...count } satisfies FleetCount)
  else begin(message)
})

process.once('disconnect', () => process.exit(0))

function begin({ place, shape, hosts }: FleetPart): void {
  if (shape === 'AWS') {
    for (const host of hosts) void liveAlone(place, host)
    return
  }
  for (let first = 0; first < hosts.length; first += hostsOfAnAgent) {
    void carry(place, hosts.slice(first, first + hostsOfAnAgent))
  }
}

function counted(call: Call): Call {
  return (operation, input) => {
    count.requests++
    return call(operation, input)
  }
}

async function failed(thrown: unknown): Promise<void> {
  count.failures++
  count.lastFailure = String(thrown)
  await delay(betweenPollsMilliseconds * (0.5 + Math.random()))
}

/** AWS's agent: poll, specification, acknowledgement, completion, on one connection that an empty poll ends. */
async function liveAlone(place: Place, host: string): Promise<void> {
  await delay(Math.random() * betweenPollsMilliseconds)
  for (;;) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const call = counted(caller(place, commands, agent))
    try {
      while (await workOff(call, host)) continue
      agent.destroy()
      await delay(betweenPollsMilliseconds * (0.5 + Math.random()))
    } catch (thrown) {
      agent.destroy()
      await failed(thrown)
    }
  }
}

async function workOff(call: Call, host: string): Promise<boolean> {
  const polled = await call('PollHostCommand', { HostIdentifier: host })
  const command = polled['HostCommand'] as Record<string, string> | undefined
  if (!command) return false
  if (command['HostIdentifier'] !== host) throw new Error('a command of another host')
  const { DeploymentExecutionId } = command
  const explained = await call('GetDeploymentSpecification', {
    DeploymentExecutionId,
    HostIdentifier: host,
  })
  checkEnvelope(explained, DeploymentExecutionId ?? '')
  await carryOut(call, command['HostCommandIdentifier'] ?? '')
  return true
}

const known = new Set<string>()

/** The signature is checked once for each deployment, with openssl as AWS's agents do; they check it each time. */
function checkEnvelope(answer: Record<string, unknown>, executionId: string): void {
  const specification = answer['DeploymentSpecification'] as {
    GenericEnvelope: { Format: string; Payload: string }
  }
  const { Format, Payload } = specification.GenericEnvelope
  if (known.has(Payload)) return
  const verify = ['smime', '-verify', '-noverify', '-inform', 'PEM']
  const content = execFileSync('openssl', verify, { input: Payload, stdio: 'pipe' }).toString()
  const { DeploymentId } = JSON.parse(content) as { DeploymentId: string }
  if (Format !== 'PKCS7/JSON' || DeploymentId !== executionId.split('/').at(-1)) {
    throw new Error('not the specification of the deployment')
  }
  known.add(Payload)
}

async function carryOut(call: Call, HostCommandIdentifier: string): Promise<void> {
  const acknowledged = await call('PutHostCommandAcknowledgement', {
    HostCommandIdentifier,
    Diagnostics: noop,
  })
  if (acknowledged['CommandStatus'] !== 'InProgress') return
  await call('PutHostCommandComplete', { HostCommandIdentifier, ...succeeded })
  count.completed++
}

/** Our agent: one poll for all of its hosts, and what it says of commands together, beside it. */
async function carry(place: Place, hosts: readonly string[]): Promise<void> {
  const poll = counted(caller(place, commands, new Agent({ keepAlive: true, maxSockets: 1 })))
  const tell = updatesTogether(
    counted(caller(place, commands, new Agent({ keepAlive: true, maxSockets: 1 }))),
  )
  const running = new Set<string>()
  const serve = async (id: string): Promise<void> => {
    const about = { HostCommandIdentifier: id }
    const status = await tell({ ...about, CommandStatus: 'InProgress', Diagnostics: noop })
    if (status !== 'InProgress') return
    await tell({ ...about, ...succeeded })
    count.completed++
  }
  for (;;) {
    try {
      const answer = await poll('PollHostCommands', {
        HostIdentifiers: hosts,
        RunningCommandIdentifiers: [...running],
        CommandsMax: hostsOfAnAgent,
      })
      for (const { HostCommandIdentifier: id } of answer['HostCommands'] as {
        HostCommandIdentifier: string
      }[]) {
        if (running.has(id)) continue
        running.add(id)
        void serve(id)
          .catch(failed)
          .finally(() => running.delete(id))
      }
    } catch (thrown) {
      await failed(thrown)
    }
  }
}
