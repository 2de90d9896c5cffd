import {
  accessSync,
  appendFileSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { CloudConfig, ConfiguredUser, WrittenFile } from './cloud-config.ts'
import { defaultUser } from './cloud-config.ts'
import type { Shell } from './shell.ts'

/** Files before users exist, or those that were to wait for them. */
export function writeFiles(config: CloudConfig, isDeferred: boolean, shell: Shell): void {
  for (const file of config.files.filter((each) => each.isDeferred === isDeferred)) {
    shell.attempt(`write_files: ${file.path}`, () => writeOne(file, shell))
  }
}

function writeOne(file: WrittenFile, shell: Shell): void {
  mkdirSync(dirname(file.path), { recursive: true })
  if (file.isAppended) appendFileSync(file.path, file.content)
  else writeFileSync(file.path, file.content)
  chmodSync(file.path, Number.parseInt(file.permissions, 8))
  if (file.owner !== 'root:root') shell.require('chown', [file.owner, file.path])
}

export function makeGroups(config: CloudConfig, shell: Shell): void {
  for (const { name, members } of config.groups) {
    shell.attempt(`groups: ${name}`, () => {
      shell.require('groupadd', ['--force', name])
      for (const member of members) shell.require('usermod', ['--append', '--groups', name, member])
    })
  }
}

export function makeUsers(config: CloudConfig, shell: Shell): void {
  if (config.keys.length > 0) authorize(defaultUser, config.keys, shell)
  for (const user of config.users) shell.attempt(`users: ${user.name}`, () => makeUser(user, shell))
}

function makeUser(user: ConfiguredUser, shell: Shell): void {
  const { name, groups, options } = user
  for (const group of groups) shell.require('groupadd', ['--force', group])
  if (shell.succeeds('id', [name])) shell.say(`User ${name} already exists, skipping useradd`)
  else {
    const words = Object.entries(options).flatMap(([option, value]) =>
      value === '' ? [option] : [option, value],
    )
    const hasHome = !('--no-create-home' in options) && !('--system' in options)
    shell.require('useradd', [...words, ...(hasHome ? ['--create-home'] : []), name])
  }
  if (groups.length > 0) shell.require('usermod', ['--append', '--groups', groups.join(','), name])
  if (user.keys.length > 0) authorize(name, user.keys, shell)
  if (user.sudo.length > 0) {
    const lines = user.sudo.map((rule) => `${name} ${rule}\n`).join('')
    mkdirSync('/etc/sudoers.d', { recursive: true, mode: 0o750 })
    appendFileSync('/etc/sudoers.d/90-cloud-init-users', lines, { mode: 0o440 })
  }
}

function authorize(user: string, keys: readonly string[], shell: Shell): void {
  shell.attempt(`ssh_authorized_keys of ${user}`, () => {
    const home = shell
      .require('sh', ['-c', `getent passwd "$1" | cut -d: -f6`, 'home', user])
      .trim()
    const folder = join(home, '.ssh')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    appendFileSync(join(folder, 'authorized_keys'), keys.map((key) => `${key}\n`).join(''), {
      mode: 0o600,
    })
    shell.require('chown', ['-R', `${user}:`, folder])
  })
}

export function setTimezone({ timezone }: CloudConfig, shell: Shell): void {
  if (timezone === undefined) return
  shell.attempt('timezone', () => {
    const file = join('/usr/share/zoneinfo', timezone)
    if (!/^[\w+-]+(?:\/[\w+-]+)*$/.test(timezone) || !existsSync(file)) {
      throw new Error(`Invalid timezone ${timezone}, no file found at ${file}`)
    }
    writeFileSync('/etc/timezone', `${timezone}\n`)
    shell.require('ln', ['-sfn', file, '/etc/localtime'])
  })
}

interface PackageTool {
  readonly name: string
  readonly update: readonly string[]
  readonly upgrade: readonly string[]
  readonly install: readonly string[]
}

const packageTools: readonly PackageTool[] = [
  {
    name: 'apt-get',
    update: ['-q', 'update'],
    upgrade: ['-qy', 'dist-upgrade'],
    install: ['-qy', 'install'],
  },
  { name: 'dnf', update: ['makecache'], upgrade: ['-y', 'upgrade'], install: ['-y', 'install'] },
  { name: 'yum', update: ['makecache'], upgrade: ['-y', 'upgrade'], install: ['-y', 'install'] },
  {
    name: 'zypper',
    update: ['-n', 'refresh'],
    upgrade: ['-n', 'update'],
    install: ['-n', 'install'],
  },
  { name: 'apk', update: ['update'], upgrade: ['upgrade'], install: ['add'] },
]

/** Through the machine's own package tool; what cannot be installed is said by name and counts as a failure. */
export function installPackages(config: CloudConfig, shell: Shell): void {
  const { updatesPackages, upgradesPackages, packages } = config
  if (packages.length === 0 && !updatesPackages && !upgradesPackages) return
  const missing = packages.filter((name) => !shell.succeeds('which', [name]))
  const present = packages.filter((name) => !missing.includes(name))
  if (present.length > 0) shell.say(`packages: already there: ${present.join(' ')}`)
  if (missing.length === 0 && !updatesPackages && !upgradesPackages) return
  const tool = packageTools.find(({ name }) => shell.succeeds('which', [name]))
  const why = !tool
    ? `this image has no package tool (${packageTools.map(({ name }) => name).join(', ')})`
    : isWritable('/usr')
      ? undefined
      : "this image's /usr is the host machine's own and read-only; launch an image of your own (evenkeel image import)"
  if (!tool || why !== undefined) {
    const what = missing.length > 0 ? missing.join(' ') : 'the package index'
    return shell.fail(`Failed to install packages: ${what}: ${why}`)
  }
  if (updatesPackages || missing.length > 0)
    shell.run(`${tool.name} update`, tool.name, tool.update)
  if (upgradesPackages) shell.run(`${tool.name} upgrade`, tool.name, tool.upgrade)
  if (missing.length > 0)
    shell.run(`Failed to install packages: ${missing.join(' ')}`, tool.name, [
      ...tool.install,
      ...missing,
    ])
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
