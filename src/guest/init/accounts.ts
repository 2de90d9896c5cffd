import { ToolFailure, type MachineContext } from '../machine-context.ts'
import { listOf, scalarText, sectionOf } from './config-sets.ts'
import { needProgram, runProgram, type InitRun } from './init-run.ts'

/** Makes groups. One that exists under another id is left, as AWS's tool does, and said. */
export function applyGroups({ machine }: InitRun, value: unknown): void {
  for (const [name, given] of Object.entries(sectionOf(value, 'groups'))) {
    needOwnAccounts(machine, 'groups')
    const { gid } = sectionOf(given, `groups.${name}`)
    if (runProgram(machine, { command: ['getent', 'group', name] }).code === 0) {
      machine.log(`group ${name} exists`)
      continue
    }
    const id = gid === undefined ? [] : ['-g', scalarText(gid)]
    needProgram(machine, `making group ${name}`, { command: ['groupadd', '-r', ...id, name] })
  }
}

/** Makes users, without a login shell, as AWS's tool does. */
export function applyUsers({ machine }: InitRun, value: unknown): void {
  for (const [name, given] of Object.entries(sectionOf(value, 'users'))) {
    needOwnAccounts(machine, 'users')
    const { uid, groups, homeDir } = sectionOf(given, `users.${name}`)
    if (runProgram(machine, { command: ['getent', 'passwd', name] }).code === 0) {
      machine.log(`user ${name} exists`)
      continue
    }
    const memberships = listOf(groups)
    const home = typeof homeDir === 'string' ? ['-d', homeDir] : []
    const command = ['useradd', '-M', '-r', '-s', '/sbin/nologin', ...home]
    if (uid !== undefined) command.push('-u', scalarText(uid))
    if (memberships.length > 0) command.push('-G', memberships.join(','))
    needProgram(machine, `making user ${name}`, { command: [...command, name] })
    if (typeof homeDir === 'string') {
      const path = machine.path(homeDir)
      needProgram(machine, `making ${homeDir}`, { command: ['mkdir', '-p', path] })
      needProgram(machine, `giving ${homeDir} to ${name}`, { command: ['chown', name, path] })
    }
  }
}

function needOwnAccounts({ root }: MachineContext, what: string): void {
  if (root !== '')
    throw new ToolFailure(`${what}: machines of the process driver have no accounts of their own`)
}
