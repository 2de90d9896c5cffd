import type { Admin } from './admin.ts'
import { CommandFailure } from './command.ts'

/** As the server's door answers it. */
export interface DeploymentPlan {
  readonly config: string
  /** The arithmetic in words. */
  readonly minimum: string
  readonly waves: readonly {
    readonly hosts: readonly string[]
    readonly zones: readonly string[]
  }[]
  readonly end: { readonly status: string; readonly error?: { readonly message: string } }
  readonly events: readonly string[]
}

export async function readPlan(
  admin: Admin,
  at: { readonly application: string; readonly group: string; readonly config: string | undefined },
): Promise<DeploymentPlan> {
  const { application, group, config } = at
  const query = new URLSearchParams({ application, group, ...(config ? { config } : {}) })
  const answer = await admin.get<DeploymentPlan | { error: { code: string; message: string } }>(
    `/deployment-plan?${query.toString()}`,
  )
  if ('error' in answer) throw new CommandFailure(`${answer.error.code}: ${answer.error.message}`)
  return answer
}

/** The plan as lines: the arithmetic, the hosts in the order in which they begin, and what each goes through. */
export function planLines(plan: DeploymentPlan): readonly string[] {
  const hosts = plan.waves.flatMap((wave) => wave.hosts)
  const atOnce = Math.max(0, ...plan.waves.map((wave) => wave.hosts.length))
  const lines = [
    `${plan.config}: ${plan.minimum}, so ${atOnce === 1 ? 'one begins' : `${atOnce} begin`} at a time`,
  ]
  let count = 0
  for (const { hosts: begun, zones } of plan.waves) {
    const place = zones.length > 0 ? `  ${zones.join(' ')}` : ''
    const number = begun.length === 1 ? `${count + 1}` : `${count + 1}-${count + begun.length}`
    lines.push(`  ${number.padStart(7)}  ${begun.join(' ')}${place}`)
    count += begun.length
  }
  if (plan.waves.length > 1) lines.push('each begins as soon as one before it has ended well')
  lines.push(`each host: ${plan.events.join(', ')}`)
  const end = plan.end.error?.message
  lines.push(
    end === undefined
      ? `${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}; nothing was touched`
      : `it would fail: ${end}`,
  )
  return lines
}
