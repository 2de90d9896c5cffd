import type { Operation } from '../../../wire/service.ts'
import { checkDashboardName, dashboardArn, dashboards, dashboardScope } from '../dashboards.ts'
import { dashboardNotFound } from '../errors.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const getDashboard: Operation<CloudWatchOperations, 'GetDashboard', CloudWatchDeps> = {
  accepts: { DashboardName: true },
  async handle(input, { scope }, { metrics }) {
    const name = checkDashboardName(input.DashboardName)
    const found = await metrics.context.store.find(dashboards, dashboardScope(scope), name)
    if (!found) throw dashboardNotFound([name])
    return {
      DashboardArn: dashboardArn(scope, name),
      DashboardBody: found.value.body,
      DashboardName: name,
    }
  },
}
