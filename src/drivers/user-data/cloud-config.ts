import { gunzipSync } from 'node:zlib'
import { parseDocument } from 'yaml'

/** A line as it is, or words that are quoted. */
export type ShellCommand = string | readonly string[]

export interface WrittenFile {
  readonly path: string
  readonly content: Buffer
  /** `root:root` */
  readonly owner: string
  /** Octal. */
  readonly permissions: string
  readonly isAppended: boolean
  /** Written after packages and users. */
  readonly isDeferred: boolean
}

export interface ConfiguredUser {
  readonly name: string
  readonly options: Readonly<Record<string, string>>
  readonly groups: readonly string[]
  readonly keys: readonly string[]
  readonly sudo: readonly string[]
}

export interface CloudConfig {
  readonly bootcmd: readonly ShellCommand[]
  readonly runcmd: readonly ShellCommand[]
  readonly files: readonly WrittenFile[]
  readonly hostname: string | undefined
  readonly groups: readonly { readonly name: string; readonly members: readonly string[] }[]
  readonly users: readonly ConfiguredUser[]
  /** Of the image's own user. */
  readonly keys: readonly string[]
  readonly packages: readonly string[]
  readonly updatesPackages: boolean
  readonly upgradesPackages: boolean
  /** `Europe/Berlin` */
  readonly timezone: string | undefined
  /** Scripts and `runcmd` run at every boot, not at the first one alone (`cloud_final_modules: [[scripts-user, always]]`). */
  readonly runsScriptsAlways: boolean
  readonly finalMessage: string | undefined
  /** What becomes of the machine after all else. */
  readonly powerState: PowerState | undefined
  /** What was not understood, a sentence each. */
  readonly complaints: readonly string[]
}

export interface PowerState {
  /** The words of `shutdown`. */
  readonly words: readonly string[]
  /** Only when this succeeds. */
  readonly condition: ShellCommand | undefined
}

type Settings = Readonly<Record<string, unknown>>

/** Keys that change nothing here, so that they need no complaint. */
const quiet = ['output', 'preserve_hostname', 'manage_etc_hosts', 'disable_root', 'ssh_pwauth']

/** The user that `default` means, and that bare keys are for. */
export const defaultUser = 'ec2-user'

/** Several configurations become one, a later one's keys in the place of an earlier one's. */
export function readCloudConfig(texts: readonly string[]): CloudConfig {
  const complaints: string[] = []
  const complain = (words: string): undefined => void complaints.push(words)
  const settings: Record<string, unknown> = {}
  for (const text of texts) Object.assign(settings, settingsOf(text, complain))
  const take = taker(settings, complain)
  const hostname = take.text('fqdn') ?? take.text('hostname')
  return {
    bootcmd: commands(take.list('bootcmd'), 'bootcmd', complain),
    runcmd: commands(take.list('runcmd'), 'runcmd', complain),
    files: take.list('write_files').flatMap((entry) => fileOf(entry, complain) ?? []),
    hostname,
    groups: groupsOf(settings['groups'], complain),
    users: take.list('users').flatMap((entry) => userOf(entry, complain) ?? []),
    keys: take.list('ssh_authorized_keys').map(String),
    packages: take.list('packages').map(packageOf),
    updatesPackages: settings['package_update'] === true,
    upgradesPackages: settings['package_upgrade'] === true,
    timezone: take.text('timezone'),
    runsScriptsAlways: scriptsAlways(take.list('cloud_final_modules'), complain),
    finalMessage: take.text('final_message'),
    powerState: powerStateOf(settings['power_state'], complain),
    complaints: [...complaints, ...strangers(settings)],
  }
}

function settingsOf(text: string, complain: (words: string) => undefined): Settings {
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false })
  const [first] = document.errors
  if (first) {
    complain(`Failed loading yaml blob. ${first.message.split('\n')[0]}`)
    return {}
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 })
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings
  if (value !== null) complain('Failed loading yaml blob. Its top is not a mapping')
  return {}
}

const understood = [
  'bootcmd',
  'runcmd',
  'write_files',
  'hostname',
  'fqdn',
  'groups',
  'users',
  'ssh_authorized_keys',
  'packages',
  'package_update',
  'package_upgrade',
  'apt_update',
  'apt_upgrade',
  'timezone',
  'cloud_final_modules',
  'final_message',
  'power_state',
]

function strangers(settings: Settings): readonly string[] {
  return Object.keys(settings)
    .filter((key) => !understood.includes(key) && !quiet.includes(key))
    .map((key) => `the key ${key} is not supported here and has no effect`)
}

/** The one module whose frequency users of EC2 change (AWS: "Run commands when you launch an EC2 instance with user data"). */
function scriptsAlways(
  modules: readonly unknown[],
  complain: (words: string) => undefined,
): boolean {
  const isAlways = (entry: unknown): boolean =>
    /^scripts[-_]user always$/.test([entry].flat().map(String).join(' '))
  for (const entry of modules) {
    if (Array.isArray(entry) && !isAlways(entry)) {
      complain(`cloud_final_modules: ${entry.map(String).join(' ')} has no effect`)
    }
  }
  return modules.some(isAlways)
}

const shutdownFlags: Readonly<Record<string, string>> = {
  poweroff: '-P',
  halt: '-H',
  reboot: '-r',
}

/** cloud-init's `power_state`: mode, delay, message, condition. */
function powerStateOf(
  value: unknown,
  complain: (words: string) => undefined,
): PowerState | undefined {
  if (value === undefined || value === null) return undefined
  const { mode, delay = 'now', message, condition = true } = Object(value) as Settings
  const flag = typeof mode === 'string' ? shutdownFlags[mode] : undefined
  if (flag === undefined) {
    return complain('power_state[mode] required, must be one of: halt,poweroff,reboot')
  }
  if (condition === false || condition === 'false') return undefined
  const time = typeof delay === 'number' ? `+${delay}` : String(delay)
  const [command] = condition === true ? [] : commands([condition], 'power_state', complain)
  return {
    words: [flag, time, ...(typeof message === 'string' ? [message] : [])],
    condition: command,
  }
}

function taker(settings: Settings, complain: (words: string) => undefined) {
  return {
    text(key: string): string | undefined {
      const value = settings[key]
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
    },
    list(key: string): readonly unknown[] {
      const value = settings[key]
      if (value === undefined || value === null) return []
      if (Array.isArray(value)) return value as unknown[]
      complain(`${key} is not a list, and has no effect`)
      return []
    },
  }
}

function commands(
  entries: readonly unknown[],
  key: string,
  complain: (words: string) => undefined,
): readonly ShellCommand[] {
  return entries.flatMap((entry): ShellCommand[] => {
    if (typeof entry === 'string') return [entry]
    if (Array.isArray(entry)) return [entry.map(String)]
    if (entry !== null) complain(`${key}: an entry is neither a text nor a list, and is left out`)
    return []
  })
}

function fileOf(entry: unknown, complain: (words: string) => undefined): WrittenFile | undefined {
  const {
    path,
    content = '',
    encoding = '',
    owner,
    permissions,
    append,
    defer,
    ...rest
  } = fieldsOf(entry)
  if (typeof path !== 'string' || !path.startsWith('/')) {
    return complain('write_files: an entry has no absolute path, and is left out')
  }
  for (const key of Object.keys(rest)) complain(`write_files: ${key} of ${path} has no effect`)
  try {
    return {
      path,
      content: contentOf(bytesOf(content), String(encoding as string).toLowerCase()),
      owner: typeof owner === 'string' ? owner : 'root:root',
      permissions: permissionsOf(permissions),
      isAppended: append === true,
      isDeferred: defer === true,
    }
  } catch (thrown) {
    return complain(`write_files: ${path} is left out: ${(thrown as Error).message}`)
  }
}

/** What YAML calls `!!binary` comes as bytes. */
function bytesOf(content: unknown): Buffer {
  return content instanceof Uint8Array
    ? Buffer.from(content)
    : Buffer.from(String(content as string))
}

function contentOf(bytes: Buffer, encoding: string): Buffer {
  const decoded = (): Buffer => Buffer.from(bytes.toString('latin1'), 'base64')
  switch (encoding) {
    case '':
    case 'text/plain':
      return bytes
    case 'b64':
    case 'base64':
      return decoded()
    case 'gz':
    case 'gzip':
      return gunzipSync(bytes)
    case 'gz+b64':
    case 'gz+base64':
    case 'gzip+b64':
    case 'gzip+base64':
      return gunzipSync(decoded())
    default:
      throw new Error(`its encoding ${encoding} is not known`)
  }
}

/** YAML makes a number of 0644 unless it is quoted. */
function permissionsOf(value: unknown): string {
  if (value === undefined || value === null) return '0644'
  const text = typeof value === 'number' ? value.toString(8) : String(value as string)
  if (!/^[0-7]{1,5}$/.test(text)) throw new Error(`its permissions ${text} are not octal`)
  return text
}

function packageOf(entry: unknown): string {
  return Array.isArray(entry) ? entry.map(String).join('=') : String(entry as string)
}

function groupsOf(value: unknown, complain: (words: string) => undefined): CloudConfig['groups'] {
  if (value === undefined || value === null) return []
  const entries: unknown[] =
    typeof value === 'string' ? value.split(',').map((each) => each.trim()) : [value].flat()
  return entries.flatMap((entry) => {
    if (typeof entry === 'string') return [{ name: entry, members: [] }]
    if (typeof entry !== 'object' || entry === null) {
      complain('groups: an entry is left out')
      return []
    }
    return Object.entries(entry).map(([name, members]) => ({ name, members: namesOf(members) }))
  })
}

/** Names as a list, or in one text with commas. */
function namesOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map(String)
  return String(value as string)
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
}

/** cloud-init's members → options of `useradd`. */
const userOptions: Readonly<Record<string, string>> = {
  gecos: '--comment',
  homedir: '--home-dir',
  primary_group: '--gid',
  shell: '--shell',
  uid: '--uid',
  expiredate: '--expiredate',
  inactive: '--inactive',
  passwd: '--password',
}
const userFlags: Readonly<Record<string, string>> = {
  system: '--system',
  no_create_home: '--no-create-home',
  no_user_group: '--no-user-group',
}

function userOf(
  entry: unknown,
  complain: (words: string) => undefined,
): ConfiguredUser | undefined {
  if (entry === 'default') return undefined
  const given =
    typeof entry === 'string'
      ? { name: entry }
      : Object.fromEntries(
          Object.entries(fieldsOf(entry)).map(([key, value]) => [key.replaceAll('-', '_'), value]),
        )
  const {
    name,
    groups,
    sudo,
    ssh_authorized_keys: keys,
    lock_passwd: _,
    ...rest
  } = given as {
    [key: string]: unknown
  }
  if (typeof name !== 'string') return complain('users: an entry has no name, and is left out')
  const options: Record<string, string> = {}
  for (const [key, value] of Object.entries(rest)) {
    const option = userOptions[key]
    const flag = userFlags[key]
    if (option !== undefined) options[option] = String(value as string)
    else if (flag === undefined) complain(`users: ${key} of ${name} is not supported here`)
    else if (value === true) options[flag] = ''
  }
  const mayAll = [sudo ?? []].flat().filter((line) => typeof line === 'string')
  return {
    name,
    options,
    groups: namesOf(groups),
    keys: [keys ?? []].flat().map(String),
    sudo: mayAll,
  }
}

function fieldsOf(entry: unknown): Record<string, unknown> {
  return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {}
}
