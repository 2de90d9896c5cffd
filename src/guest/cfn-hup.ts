import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { valueAt } from './cfn-get-metadata.ts'
import { readHooks, readHupSettings, type Hook, type HupSettings } from './hup-settings.ts'
import { machineContext, ToolFailure, type MachineContext } from './machine-context.ts'
import { stackClient, type StackResource } from './stack-client.ts'
import { toolOptions } from './tool-options.ts'

const own = {
  config: { type: 'string', short: 'c' },
  'no-daemon': { type: 'boolean', short: 'f' },
  /** Ours: looks once and ends. */
  once: { type: 'boolean' },
} as const

/** Looks at the stack by period and runs the hooks whose part of it changed. */
export async function cfnHup(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const options = toolOptions(words, own)
  const folder = options.value('config') ?? '/etc/cfn'
  const plain = machineContext(environment, { logFile: '/var/log/cfn-hup.log' })
  const settings = readHupSettings(readFileSync(plain.path(join(folder, 'cfn-hup.conf')), 'utf8'))
  const reached = toolOptions([...settings.words, ...words], own)
  const url = reached.value('url')
  const machine = machineContext(environment, { logFile: '/var/log/cfn-hup.log', url })
  if (!options.has('no-daemon') && !options.has('once')) return inBackground(words)
  const client = stackClient(machine, reached)
  for (;;) {
    await look(machine, {
      folder,
      settings,
      describe: (name) => client.describe(settings.stack, name),
    })
    if (options.has('once')) return 0
    await delay(settings.minutes * 60_000)
  }
}

function inBackground(words: readonly string[]): number {
  const [, program = ''] = process.argv
  const child = spawn(process.execPath, [program, 'cfn-hup', '--no-daemon', ...words], {
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
  return 0
}

interface Look {
  readonly folder: string
  readonly settings: HupSettings
  describe(resource: string): Promise<StackResource>
}

/** What each hook saw last, by its name. */
type Seen = Record<string, unknown>

async function look(machine: MachineContext, { folder, describe }: Look): Promise<void> {
  const known = machine.path('/var/lib/cfn-hup/data/metadata_db.json')
  const seen: Seen = existsSync(known) ? (JSON.parse(readFileSync(known, 'utf8')) as Seen) : {}
  const resources = new Map<string, Promise<StackResource | undefined>>()
  for (const hook of hooksIn(machine, folder)) {
    const [, logicalId = '', ...rest] = hook.path.split('.')
    const asked = resources.get(logicalId) ?? orGone(machine, describe(logicalId))
    resources.set(logicalId, asked)
    const resource = await asked
    const now = resource && partOf(resource, rest.join('.'))
    const trigger = triggerOf(seen[hook.name], now)
    if (trigger === undefined || !hook.triggers.includes(trigger)) {
      if (trigger !== undefined) remember(known, seen, hook.name, now)
      continue
    }
    if (act(machine, hook, { before: seen[hook.name], now })) remember(known, seen, hook.name, now)
  }
}

async function orGone(
  machine: MachineContext,
  asked: Promise<StackResource>,
): Promise<StackResource | undefined> {
  try {
    return await asked
  } catch (thrown) {
    if (!(thrown instanceof ToolFailure)) throw thrown
    machine.log(thrown.message, 'ERROR')
    if (/does not exist/.test(thrown.message)) return undefined
    throw thrown
  }
}

function partOf(resource: StackResource, path: string): unknown {
  const { metadata, physicalId, updatedAt } = resource
  const all = {
    Metadata: metadata,
    PhysicalResourceId: physicalId,
    LastUpdatedTimestamp: updatedAt,
  }
  return path === '' ? { Metadata: metadata, PhysicalResourceId: physicalId } : valueAt(all, path)
}

function triggerOf(before: unknown, now: unknown): Hook['triggers'][number] | undefined {
  if (JSON.stringify(before) === JSON.stringify(now)) return undefined
  if (before === undefined) return 'post.add'
  return now === undefined ? 'post.remove' : 'post.update'
}

/** Whether the action succeeded; what failed is tried again at the next look. */
function act(
  machine: MachineContext,
  hook: Hook,
  change: { before: unknown; now: unknown },
): boolean {
  const text = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value))
  const words =
    hook.runAs === 'root' || machine.root !== ''
      ? ['/bin/sh', '-c', hook.action]
      : ['su', hook.runAs, '-s', '/bin/sh', '-c', hook.action]
  const [file = '', ...rest] = words
  const { status } = spawnSync(file, rest, {
    stdio: 'ignore',
    env: {
      ...process.env,
      CFN_OLD_METADATA: text(change.before),
      CFN_NEW_METADATA: text(change.now),
    },
  })
  machine.log(
    `action of ${hook.name} ended with exit code ${status}`,
    status === 0 ? 'INFO' : 'ERROR',
  )
  return status === 0
}

function remember(path: string, seen: Seen, name: string, now: unknown): void {
  if (now === undefined) delete seen[name]
  else seen[name] = now
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(seen), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

function hooksIn(machine: MachineContext, folder: string): readonly Hook[] {
  const hooks = machine.path(join(folder, 'hooks.d'))
  const more = existsSync(hooks)
    ? readdirSync(hooks)
        .filter((name) => name.endsWith('.conf'))
        .toSorted()
        .map((name) => join(hooks, name))
    : []
  const files = [machine.path(join(folder, 'hooks.conf')), ...more].filter(existsSync)
  return files.flatMap((file) => readHooks(readFileSync(file, 'utf8')))
}
