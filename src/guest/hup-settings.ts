import { ToolFailure } from './machine-context.ts'

export interface Hook {
  readonly name: string
  readonly triggers: readonly string[]
  /** `Resources.WebServer`, or below it. */
  readonly path: string
  readonly action: string
  readonly runAs: string
}

export interface HupSettings {
  readonly stack: string
  readonly minutes: number
  readonly isVerbose: boolean
  /** As options of the tool: `--role`, `--region`. */
  readonly words: readonly string[]
}

type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

const intervalMinutes = 15

/** Reads `cfn-hup.conf`. */
export function readHupSettings(text: string): HupSettings {
  const main = readIni(text).get('main') ?? new Map<string, string>()
  const stack = main.get('stack')
  if (stack === undefined) throw new ToolFailure('cfn-hup.conf needs stack= in [main]')
  const minutes = Number(main.get('interval') ?? intervalMinutes)
  if (!Number.isInteger(minutes) || minutes < 1) {
    throw new ToolFailure(
      `cfn-hup.conf: interval is ${main.get('interval')}, not a number of minutes`,
    )
  }
  const names = ['credential-file', 'region', 'role', 'url']
  const words = names.flatMap((name) => {
    const value = main.get(name)
    return value === undefined ? [] : [`--${name}=${value}`]
  })
  return { stack, minutes, isVerbose: /^(true|yes|1)$/i.test(main.get('verbose') ?? ''), words }
}

const triggers = new Set(['post.add', 'post.update', 'post.remove'])

/** Reads the hooks of one file. Throws a `ToolFailure` that names the hook. */
export function readHooks(text: string): readonly Hook[] {
  return [...readIni(text)].map(([name, values]) => {
    const need = (key: string): string => {
      const value = values.get(key)
      if (value === undefined) throw new ToolFailure(`hook ${name} needs ${key}=`)
      return value
    }
    const wanted = need('triggers').split(/\s*,\s*/)
    const unknown = wanted.find((trigger) => !triggers.has(trigger))
    if (unknown !== undefined)
      throw new ToolFailure(`hook ${name}: the trigger ${unknown} is not supported here`)
    const path = need('path')
    if (!/^Resources\.[A-Za-z0-9]+(\.|$)/.test(path))
      throw new ToolFailure(`hook ${name}: the path ${path}`)
    const runAs = values.get('runas') ?? 'root'
    return { name, triggers: wanted, path, action: need('action'), runAs }
  })
}

function readIni(text: string): Sections {
  const sections = new Map<string, Map<string, string>>()
  let current: Map<string, string> | undefined
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    const [, section] = /^\[(.+)\]$/.exec(line) ?? []
    if (section !== undefined) {
      current = new Map()
      sections.set(section, current)
    }
    const [, name, value] = /^([^#;=:\s]+)\s*[=:]\s*(.*)$/.exec(line) ?? []
    if (name !== undefined && section === undefined) current?.set(name.toLowerCase(), value ?? '')
  }
  return sections
}
