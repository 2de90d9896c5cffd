import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quotedWord } from '../../kernel/shell-word.ts'
import {
  installPackages,
  makeGroups,
  makeUsers,
  setTimezone,
  writeFiles,
} from './apply-cloud-config.ts'
import { finalMessage } from './final-message.ts'
import { readCloudConfig, type CloudConfig, type ShellCommand } from './cloud-config.ts'
import { readUserData, type Part } from './read-parts.ts'
import { Shell } from './shell.ts'

export interface RunOptions {
  /** The user data as it was given. */
  readonly file: string
  /** Scripts and marks go here: `/var/lib/cloud/instance`. */
  readonly folder: string
  readonly instanceId: string
  /** False at later boots, where boot hooks and `bootcmd` run again, and scripts only if they are to run always. */
  readonly isFirst: boolean
  /** Whether the machine has a disk of its own. Without one, cloud-config would change the host machine. */
  readonly hasDisk: boolean
}

/** Does what user data asks, in cloud-init's order. Gives the exit code of the first thing that failed, or 0. */
export function runUserData(options: RunOptions): number {
  const shell = new Shell()
  const finished = join(options.folder, 'boot-finished')
  // The first boot runs all of it; this is the later boot's part.
  if (!options.isFirst && !existsSync(finished)) return 0
  shell.attempt('user data', () =>
    runParts(readUserData(readFileSync(options.file)), options, shell),
  )
  writeFileSync(finished, '')
  return shell.exitCode
}

function runParts(parts: readonly Part[], options: RunOptions, shell: Shell): void {
  if (options.isFirst) for (const part of parts) complainOf(part, parts.length, shell)
  for (const part of parts.filter(({ type }) => type === 'boothook')) {
    runScript(join(options.folder, `boothook-${part.name}`), hookText(part), options, shell)
  }
  const configs = parts.filter(({ type }) => type === 'cloud-config')
  const config = readCloudConfig(configs.map((part) => part.content.toString()))
  if (configs.length > 0 && !options.hasDisk) {
    return shell.fail(
      'cloud-config needs a machine with a disk of its own: the process driver has none (see evenkeel doctor)',
    )
  }
  if (config.bootcmd.length > 0) {
    runScript(join(options.folder, 'bootcmd'), commandText(config.bootcmd), options, shell)
  }
  if (options.isFirst) {
    for (const words of config.complaints) shell.warn(words)
    if (configs.length > 0) applyOnce(config, shell)
  }
  if (options.isFirst || config.runsScriptsAlways) runScripts(parts, config, options, shell)
  if (config.finalMessage !== undefined) shell.say(finalMessage(config.finalMessage))
  if (options.isFirst && config.powerState) changePower(config.powerState, options, shell)
}

function runScripts(
  parts: readonly Part[],
  config: CloudConfig,
  options: RunOptions,
  shell: Shell,
): void {
  const scripts = join(options.folder, 'scripts')
  mkdirSync(scripts, { recursive: true })
  const toRun = new Map(
    parts.filter(({ type }) => type === 'script').map((part) => [part.name, part.content]),
  )
  if (config.runcmd.length > 0) toRun.set('runcmd', commandText(config.runcmd))
  for (const name of [...toRun.keys()].toSorted()) {
    runScript(join(scripts, name), toRun.get(name) ?? Buffer.alloc(0), options, shell)
  }
}

/** Once in an instance's life, as cloud-init has it. */
function changePower(
  { words, condition }: NonNullable<CloudConfig['powerState']>,
  options: RunOptions,
  shell: Shell,
): void {
  // Before the machine goes down, so that it does not happen again.
  writeFileSync(join(options.folder, 'boot-finished'), '')
  const script = join(options.folder, 'power-condition')
  if (condition !== undefined) {
    writeFileSync(script, commandText([condition]), { mode: 0o700 })
    if (!shell.succeeds(script, [])) return
  }
  shell.run('power_state', 'shutdown', words)
}

function applyOnce(config: CloudConfig, shell: Shell): void {
  writeFiles(config, false, shell)
  makeGroups(config, shell)
  makeUsers(config, shell)
  setTimezone(config, shell)
  installPackages(config, shell)
  writeFiles(config, true, shell)
}

/** In cloud-init's own words, for what it would not run either. */
function complainOf(part: Part, count: number, shell: Shell): void {
  if (part.type === 'unsupported')
    shell.fail(`${part.contentType} is not supported here: ${part.name}`)
  if (part.type !== 'unknown') return
  const start = part.content.subarray(0, 24).toString('latin1').replaceAll(/\s+/g, ' ')
  const kind = count === 1 ? 'non-multipart' : 'part'
  shell.fail(`Unhandled ${kind} (${part.contentType}) userdata: 'b'${start}'...'`)
}

/** The line that names a boot hook is no part of its script. */
function hookText({ content }: Part): Buffer {
  const text = content.toString('latin1').replace(/^\s*#cloud-boothook[^\n]*\n?/, '')
  return Buffer.from(text.startsWith('#!') ? text : `#!/bin/sh\n${text}`, 'latin1')
}

function commandText(commands: readonly ShellCommand[]): Buffer {
  const lines = commands.map((command) =>
    typeof command === 'string' ? command : command.map(quotedWord).join(' '),
  )
  return Buffer.from(`#!/bin/sh\n${lines.join('\n')}\n`)
}

function runScript(path: string, content: Buffer, options: RunOptions, shell: Shell): void {
  writeFileSync(path, content, { mode: 0o700 })
  process.env['INSTANCE_ID'] = options.instanceId
  shell.run(`Failed to run ${path}`, path, [])
}
