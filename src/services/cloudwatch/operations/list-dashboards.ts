import type { Operation } from '../../../wire/service.ts'
import { dashboardArn, dashboards, dashboardScope } from '../dashboards.ts'
import { nextToken, page } from '../paging.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

/** AWS's page. */
const itemsMax = 1000

export const listDashboards: Operation<CloudWatchOperations, 'ListDashboards', CloudWatchDeps> = {
  accepts: { DashboardNamePrefix: true, NextToken: true },
  async handle({ DashboardNamePrefix: idPrefix = '', NextToken }, { scope }, { metrics }) {
    const all = await metrics.context.store.list(dashboards, dashboardScope(scope), { idPrefix })
    const found = page(all, ({ id }) => id, { NextToken, itemsMax })
    const DashboardEntries = found.items.map(({ value: { name, body, modifiedAt } }) => ({
      DashboardName: name,
      DashboardArn: dashboardArn(scope, name),
      LastModified: new Date(modifiedAt),
      Size: Buffer.byteLength(body),
    }))
    return { DashboardEntries, ...nextToken(found) }
  },
}
