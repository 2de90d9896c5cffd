import { existsSync } from 'node:fs'
import { ToolFailure, type MachineContext } from '../machine-context.ts'
import { sectionOf, listOf } from './config-sets.ts'
import { fetchTo } from './fetch-source.ts'
import { needProgram, runProgram, type InitRun } from './init-run.ts'
import { debianNamesOf, isBuiltIn } from './package-names.ts'
import { hasStandIn, installStandIn, isBare } from './stand-ins.ts'

/** AWS's order: rpm, the distribution's own, then languages. */
const order = ['rpm', 'yum', 'dnf', 'apt', 'zypper', 'rubygems', 'python'] as const

/** Sees to it that packages are there. Throws a `ToolFailure` that names the one that is not. */
export async function applyPackages(run: InitRun, value: unknown): Promise<void> {
  const byFormat = sectionOf(value, 'packages')
  const unknown = Object.keys(byFormat).find((name) => !(order as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw new ToolFailure(`packages of the format ${unknown} are not supported here`)
  for (const format of order) {
    const wanted = sectionOf(byFormat[format], `packages.${format}`)
    for (const name of Object.keys(wanted).toSorted()) {
      const versions = listOf(wanted[name])
      const isNew = await ensure(run, format, { name, versions })
      if (isNew) run.changed.packages.add(`${format}/${name}`)
    }
  }
}

interface Wanted {
  readonly name: string
  /** Any when empty; a URL stands for the file. */
  readonly versions: readonly string[]
}

/** Whether it had to be installed. */
async function ensure(
  run: InitRun,
  format: (typeof order)[number],
  wanted: Wanted,
): Promise<boolean> {
  const { machine } = run
  const { name, versions } = wanted
  const [first] = versions
  if (first !== undefined && /^(https?|ftp|s3):/.test(first)) return installFile(run, wanted, first)
  if (format === 'rubygems' || format === 'python') return ensureOfLanguage(machine, format, wanted)
  if (format === 'rpm') return installFile(run, wanted, first ?? name)
  return ensureInstalled(machine, name, first)
}

/** A distribution's package, by the name that it has anywhere. Whether it had to be installed. */
export function ensureInstalled(machine: MachineContext, name: string, version?: string): boolean {
  if (isBuiltIn(name)) return false
  if (hasStandIn(machine, name)) {
    machine.log(`package ${name} is there, as the platform's own`)
    return false
  }
  const isDebian = existsSync('/usr/bin/dpkg-query')
  const names = isDebian ? debianNamesOf(name) : [name]
  const missing = names.filter((each) => !isThere(machine, each, version, isDebian))
  if (missing.length === 0) {
    if (isBare(machine, name)) {
      if (!installStandIn(machine, name)) {
        throw new ToolFailure(`package ${name}: Apache's settings are not in this machine`)
      }
      machine.log(`package ${name} is there without its settings: ${standsIn}`)
      return true
    }
    machine.log(`package ${name} is there`)
    return false
  }
  const exact = missing.map((each) => (version === undefined ? each : `${each}=${version}`))
  const command = isDebian
    ? ['apt-get', '-y', '-q', 'install', ...exact]
    : ['/usr/bin/yum', '-y', 'install', ...exact]
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const also = missing.includes(name) ? '' : ` (${missing.join(', ')})`
  const what = `package ${name}${also} is not there, and installing it`
  try {
    needProgram(machine, what, { command, environment })
  } catch (thrown) {
    if (!(thrown instanceof ToolFailure) || version !== undefined) throw thrown
    if (!installStandIn(machine, name)) throw thrown
    machine.log(`${thrown.message}: ${standsIn}`)
    return true
  }
  machine.log(`package ${name} was installed`)
  return true
}

const standsIn = "the platform's own server of files stands in for it"

function isThere(
  machine: MachineContext,
  name: string,
  version: string | undefined,
  isDebian: boolean,
): boolean {
  const command = isDebian
    ? ['dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}\n', name]
    : ['rpm', '-q', '--qf', 'installed %{VERSION}-%{RELEASE}\n', name]
  const { code, output } = runProgram(machine, { command })
  const [, found] = /^installed (?:\d+:)?(\S+)/m.exec(output) ?? []
  if (code !== 0 || found === undefined) return false
  return version === undefined || found.startsWith(version)
}

function ensureOfLanguage(
  machine: MachineContext,
  format: 'rubygems' | 'python',
  wanted: Wanted,
): boolean {
  const { name, versions } = wanted
  const [version] = versions
  const asks =
    format === 'rubygems'
      ? ['gem', 'list', '-i', `^${name}$`, ...(version === undefined ? [] : ['-v', version])]
      : ['python3', '-c', pythonCheck, name, version ?? '']
  if (runProgram(machine, { command: asks }).code === 0) return false
  const exact = version === undefined ? name : `${name}==${version}`
  const install =
    format === 'rubygems'
      ? ['gem', 'install', name, ...(version === undefined ? [] : ['-v', version])]
      : ['python3', '-m', 'pip', 'install', '--disable-pip-version-check', exact]
  needProgram(machine, `${format} package ${name} is not there, and installing it`, {
    command: install,
  })
  return true
}

const pythonCheck =
  'import importlib.metadata as m, sys; sys.exit(0 if sys.argv[2] in ("", m.version(sys.argv[1])) else 1)'

/** A package from an address. */
async function installFile(run: InitRun, { name }: Wanted, url: string): Promise<boolean> {
  const isDebian = url.endsWith('.deb')
  const program = isDebian ? 'dpkg' : 'rpm'
  if (runProgram(run.machine, { command: [program, '--version'] }).code !== 0) {
    throw new ToolFailure(`package ${name}: this machine has no ${program} to install ${url} with`)
  }
  const file = await fetchTo(run, url, { suffix: isDebian ? '.deb' : '.rpm' })
  const command = isDebian ? ['dpkg', '-i', file] : ['rpm', '-U', '--quiet', '--replacepkgs', file]
  needProgram(run.machine, `installing package ${name} from ${url}`, { command })
  return true
}
