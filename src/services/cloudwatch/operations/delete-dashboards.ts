import type { Operation } from '../../../wire/service.ts'
import { checkDashboardName, dashboards, dashboardScope } from '../dashboards.ts'
import { dashboardNotFound, invalidParameterInput } from '../errors.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

/** All or none: one that does not exist leaves the others where they are. */
export const deleteDashboards: Operation<CloudWatchOperations, 'DeleteDashboards', CloudWatchDeps> =
  {
    accepts: { DashboardNames: true },
    async handle({ DashboardNames = [] }, { scope }, { metrics }) {
      if (DashboardNames.length === 0) {
        throw invalidParameterInput('The field DashboardNames must have at least one name')
      }
      const names = [...new Set(DashboardNames.map(checkDashboardName))]
      const at = dashboardScope(scope)
      await metrics.context.store.transaction(async (records) => {
        const found = await Promise.all(names.map((name) => records.find(dashboards, at, name)))
        const missing = names.filter((_, index) => !found[index])
        if (missing.length > 0) throw dashboardNotFound(missing)
        for (const record of found) if (record) await records.remove(record)
      })
      return {}
    },
  }
