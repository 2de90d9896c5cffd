import { globalArnOf } from '../../kernel/arn.ts'
import { globalRegion, type Scope } from '../../kernel/scope.ts'
import { kindOf, modify, RecordExists, type Records } from '../../store/records.ts'
import { invalidParameterInput } from './errors.ts'

/** id: the name. Dashboards belong to an account and to no region. */
export interface Dashboard {
  readonly name: string
  /** As it was given. */
  readonly body: string
  readonly modifiedAt: number
  /** The token of the stack resource that made it. */
  readonly madeBy?: string
}

export const dashboards = kindOf<Dashboard>('cloudwatch/dashboard')

export function dashboardScope({ account }: Scope): Scope {
  return { account, region: globalRegion }
}

/** `arn:aws:cloudwatch::000000000000:dashboard/name` */
export function dashboardArn(scope: Scope, name: string): string {
  return globalArnOf('cloudwatch', scope, `dashboard/${name}`)
}

export function checkDashboardName(name: string | undefined): string {
  if (name !== undefined && /^[0-9A-Za-z_-]{1,255}$/.test(name)) return name
  throw invalidParameterInput(
    `The field DashboardName must be 1 to 255 characters of [0-9A-Za-z-_], and not '${name ?? ''}'`,
  )
}

/** Makes it or puts another body in its place. */
export async function putDashboard(
  records: Records,
  scope: Scope,
  dashboard: Dashboard,
): Promise<void> {
  const at = { scope: dashboardScope(scope), id: dashboard.name }
  const { body, modifiedAt } = dashboard
  const change = (known: Dashboard): Dashboard => ({ ...known, body, modifiedAt })
  if (await modify(records, { kind: dashboards, ...at }, change)) return
  try {
    await records.insert(dashboards, at, dashboard)
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    await modify(records, { kind: dashboards, ...at }, change)
  }
}
