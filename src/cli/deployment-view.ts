import type { Admin } from './admin.ts'
import { bar, seconds, type Screen } from './screen.ts'

interface Deployment {
  readonly status: string
  readonly errorInformation?: { readonly code?: string; readonly message?: string }
  readonly rollbackInfo?: { readonly rollbackDeploymentId?: string }
}

interface HostTarget {
  readonly targetId: string
  readonly status: string
  readonly lifecycleEvents?: readonly {
    readonly lifecycleEventName: string
    readonly status: string
    readonly diagnostics?: {
      readonly scriptName?: string
      readonly message?: string
      readonly logTail?: string
    }
  }[]
}

/** The batch call's own limit. */
const targetsPerCall = 25

const finalStatuses = ['Succeeded', 'Failed', 'Stopped']
const finalHostStatuses = ['Succeeded', 'Failed', 'Skipped']

/** Shows one line for each host as it ends, and a progress bar; resolves to whether it succeeded. */
export async function followDeployment(
  admin: Admin,
  deploymentId: string,
  screen: Screen,
): Promise<boolean> {
  const begun = Date.now()
  const shown = new Set<string>()
  screen.line(`deployment ${deploymentId}`)
  for (;;) {
    const deployment = await read(admin, deploymentId)
    const hosts = await hostsOf(admin, deploymentId)
    for (const host of hosts) {
      if (shown.has(host.targetId) || !finalHostStatuses.includes(host.status)) continue
      shown.add(host.targetId)
      screen.line(`  ${host.targetId}  ${host.status.padEnd(9)} ${seconds(Date.now() - begun)}`)
      for (const line of reasonsOf(host)) screen.line(`      ${line}`)
    }
    const running = hosts.find((host) => host.status === 'InProgress')
    screen.status(`${bar(shown.size, hosts.length)}  ${running ? stepOf(running) : ''}`)
    if (finalStatuses.includes(deployment.status)) {
      screen.line(
        `deployment ${deploymentId} ${deployment.status} after ${seconds(Date.now() - begun)}`,
      )
      showFailure(screen, deployment)
      return deployment.status === 'Succeeded'
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function showFailure(screen: Screen, deployment: Deployment): void {
  const why = deployment.errorInformation
  if (why) screen.line(`  ${why.code ?? 'error'}: ${why.message ?? ''}`)
  const rollback = deployment.rollbackInfo?.rollbackDeploymentId
  if (rollback) screen.line(`  rolled back by ${rollback}`)
}

async function read(admin: Admin, deploymentId: string): Promise<Deployment> {
  const answer = await admin.call<{ deploymentInfo: Deployment }>('codedeploy', 'GetDeployment', {
    deploymentId,
  })
  return answer.deploymentInfo
}

/** All of a deployment's hosts; a page holds a hundred. */
export async function targetIdsOf(admin: Admin, deploymentId: string): Promise<readonly string[]> {
  const all: string[] = []
  let nextToken: string | undefined
  do {
    const page: { targetIds?: readonly string[]; nextToken?: string } = await admin.call(
      'codedeploy',
      'ListDeploymentTargets',
      { deploymentId, ...(nextToken !== undefined && { nextToken }) },
    )
    all.push(...(page.targetIds ?? []))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return all
}

async function hostsOf(admin: Admin, deploymentId: string): Promise<readonly HostTarget[]> {
  const hosts: HostTarget[] = []
  const targetIds = await targetIdsOf(admin, deploymentId)
  for (let start = 0; start < targetIds.length; start += targetsPerCall) {
    const answer = await admin.call<{
      deploymentTargets?: readonly { instanceTarget?: HostTarget }[]
    }>('codedeploy', 'BatchGetDeploymentTargets', {
      deploymentId,
      targetIds: targetIds.slice(start, start + targetsPerCall),
    })
    for (const { instanceTarget } of answer.deploymentTargets ?? []) {
      if (instanceTarget) hosts.push(instanceTarget)
    }
  }
  return hosts
}

function stepOf(host: HostTarget): string {
  const event = host.lifecycleEvents?.find((one) => one.status === 'InProgress')
  return `${host.targetId} ${event?.lifecycleEventName ?? ''}`
}

/** Event, script, message and last lines of what failed on a host. */
function reasonsOf(host: HostTarget): readonly string[] {
  if (host.status !== 'Failed') return []
  const event = host.lifecycleEvents?.find((one) => one.status === 'Failed')
  if (!event) return []
  const why = event.diagnostics
  const tail = (why?.logTail ?? '').trimEnd().split('\n').slice(-6)
  return [`${event.lifecycleEventName} ${why?.scriptName ?? ''}: ${why?.message ?? ''}`, ...tail]
}
