import { openAdmin, type Admin } from '../admin.ts'
import type { Command } from '../command.ts'
import { terminalScreen, type Screen } from '../screen.ts'

/** What `GET /status` of the admin door answers. */
export interface PlatformStatus {
  readonly version: string
  readonly pid: number
  readonly driver: string
  readonly lacks: readonly string[]
  readonly endpoint: string
  readonly sitePort: number
  /** Of the DNS server on the loopback. */
  readonly namePort?: number
  readonly stacks: readonly { readonly name: string; readonly status: string }[]
  readonly sites: readonly {
    readonly name: string
    readonly url: string
    readonly targets: readonly TargetLine[]
  }[]
  readonly instances: readonly InstanceLine[]
  readonly groups: readonly {
    readonly name: string
    readonly desired: number
    readonly inService: number
  }[]
  readonly deployments: readonly {
    readonly id: string
    readonly group: string
    readonly status: string
  }[]
}

interface TargetLine {
  readonly id: string
  readonly zone: string
  readonly state: string
}

interface InstanceLine {
  readonly id: string
  readonly zone: string
  readonly address: string
  readonly state: string
  readonly name: string
}

export const status: Command = {
  name: 'status',
  summary: 'show stacks, sites and their targets, groups, instances and running deployments',
  usage: '[--json]',
  flags: {},
  async run(call) {
    const current = await readStatus(openAdmin(call))
    if (call.switched('json')) process.stdout.write(`${JSON.stringify(current)}\n`)
    else showStatus(terminalScreen(), current)
    return 0
  },
}

export function readStatus(admin: Admin): Promise<PlatformStatus> {
  return admin.get<PlatformStatus>('/status')
}

function showStatus(screen: Screen, current: PlatformStatus): void {
  screen.line(
    `Evenkeel ${current.version}, pid ${current.pid}, driver ${current.driver}, endpoint ${current.endpoint}`,
  )
  for (const lack of current.lacks) screen.line(`  lacks: ${lack}`)
  table(
    screen,
    'STACK',
    current.stacks.map((stack) => [stack.name, stack.status]),
  )
  for (const site of current.sites) {
    table(
      screen,
      `SITE ${site.url}`,
      site.targets.map((target) => [target.id, target.zone, target.state]),
    )
  }
  table(
    screen,
    'GROUP',
    current.groups.map((group) => [
      group.name,
      `${group.inService} of ${group.desired} in service`,
    ]),
  )
  table(
    screen,
    'INSTANCE',
    current.instances.map((one) => [one.id, one.zone, one.address, one.state, one.name]),
  )
  table(
    screen,
    'DEPLOYMENT',
    current.deployments.map((one) => [one.id, one.group, one.status]),
  )
}

function table(screen: Screen, title: string, rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return
  screen.line(title)
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  for (const row of rows) {
    screen.line(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
    )
  }
}
