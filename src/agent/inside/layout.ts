import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a machine's own root is: `/`, but for drivers whose machines are folders. */
export const machineRoot = process.env['EVENKEEL_ROOT'] ?? ''

/** Folders and files of AWS's agent, for one deployment of one group. */
export interface Layout {
  readonly group: string
  readonly deployment: string
  /** While the bundle is unpacked. */
  readonly partial: string
  readonly archive: string
  readonly log: string
  readonly commands: string
  readonly lastSuccessful: string
  readonly mostRecent: string
  readonly cleanup: string
}

const safeName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

export function layoutOf(groupId: string, deploymentId: string): Layout {
  if (!safeName.test(groupId) || !safeName.test(deploymentId)) {
    throw new Error(`${groupId}/${deploymentId} is no pair of folder names`)
  }
  const root = join(machineRoot, '/opt/codedeploy-agent/deployment-root')
  const group = join(root, groupId)
  const deployment = join(group, deploymentId)
  const instructions = join(root, 'deployment-instructions')
  return {
    group,
    deployment,
    partial: join(deployment, 'deployment-archive.partial'),
    archive: join(deployment, 'deployment-archive'),
    log: join(deployment, 'logs', 'scripts.log'),
    commands: join(deployment, 'commands'),
    lastSuccessful: join(instructions, `${groupId}_last_successful_install`),
    mostRecent: join(instructions, `${groupId}_most_recent_install`),
    cleanup: join(instructions, `${groupId}-cleanup`),
  }
}

/** The folder that a note names, if there still is one. */
export function notedFolder(note: string): string | undefined {
  if (!existsSync(note)) return undefined
  const folder = readFileSync(note, 'utf8').trim()
  return folder !== '' && existsSync(folder) ? folder : undefined
}
