import { openAdmin, type Admin } from '../admin.ts'
import { targetIdsOf } from '../deployment-view.ts'
import { CommandFailure, UsageError, type Command } from '../command.ts'

interface TargetEvent {
  readonly lifecycleEventName: string
  readonly status: string
  readonly startTime?: string
  readonly endTime?: string
  readonly diagnostics?: {
    readonly errorCode?: string
    readonly scriptName?: string
    readonly message?: string
    readonly logTail?: string
  }
}

interface InstanceTarget {
  readonly instanceTarget?: {
    readonly targetId: string
    readonly status: string
    readonly lifecycleEvents?: readonly TargetEvent[]
  }
}

export const logs: Command = {
  name: 'logs',
  summary: "print a machine's console, or what a deployment did on each host",
  usage: 'MACHINE | DEPLOYMENT [HOST] [EVENT]',
  flags: {},
  async run(call) {
    const [subject, host, event] = call.positionals
    if (!subject) throw new UsageError('logs MACHINE, or logs DEPLOYMENT [HOST] [EVENT]')
    const admin = openAdmin(call)
    if (subject.startsWith('d-')) return deploymentLogs(admin, subject, { host, event })
    const { text } = await admin.get<{ text: string }>(
      `/console?machine=${encodeURIComponent(subject)}`,
    )
    process.stdout.write(text)
    return 0
  },
}

async function deploymentLogs(
  admin: Admin,
  deploymentId: string,
  wanted: { host: string | undefined; event: string | undefined },
): Promise<number> {
  const targetIds = await targetIdsOf(admin, deploymentId)
  const chosen = targetIds.filter((id) => wanted.host === undefined || id === wanted.host)
  if (chosen.length === 0)
    throw new CommandFailure(`no such host in ${deploymentId}: ${wanted.host ?? 'none at all'}`)
  for (let start = 0; start < chosen.length; start += targetsPerCall) {
    const { deploymentTargets = [] } = await admin.call<{
      deploymentTargets?: readonly InstanceTarget[]
    }>('codedeploy', 'BatchGetDeploymentTargets', {
      deploymentId,
      targetIds: chosen.slice(start, start + targetsPerCall),
    })
    for (const { instanceTarget } of deploymentTargets) {
      if (instanceTarget) await printTarget(admin, deploymentId, instanceTarget, wanted.event)
    }
  }
  return 0
}

/** The batch call's own limit. */
const targetsPerCall = 25

async function printTarget(
  admin: Admin,
  deploymentId: string,
  target: NonNullable<InstanceTarget['instanceTarget']>,
  wanted: string | undefined,
): Promise<void> {
  process.stdout.write(`${target.targetId}  ${target.status}\n`)
  for (const event of target.lifecycleEvents ?? []) {
    if (wanted !== undefined && event.lifecycleEventName !== wanted) continue
    await printEvent(admin, { deploymentId, targetId: target.targetId }, event)
  }
}

async function printEvent(
  admin: Admin,
  at: { deploymentId: string; targetId: string },
  event: TargetEvent,
): Promise<void> {
  const span = event.startTime ? `  ${event.startTime} … ${event.endTime ?? ''}` : ''
  process.stdout.write(`  ${event.lifecycleEventName.padEnd(18)} ${event.status}${span}\n`)
  const why = event.diagnostics
  if (why?.errorCode && why.errorCode !== 'Success') {
    process.stdout.write(`    ${why.errorCode} ${why.scriptName ?? ''}: ${why.message ?? ''}\n`)
  }
  const query = new URLSearchParams({ ...at, event: event.lifecycleEventName })
  const { text } = await admin.get<{ text?: string }>(`/deployment-log?${query.toString()}`)
  const body = text ?? why?.logTail ?? ''
  if (body !== '') process.stdout.write(`${body.replace(/^/gm, '    ').trimEnd()}\n`)
}
