import { empty } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { checkDashboardBody } from '../dashboard-body.ts'
import { checkDashboardName, putDashboard as keep } from '../dashboards.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

/** Makes a dashboard or replaces it. The messages of an answer are about what has no effect. */
export const putDashboard: Operation<CloudWatchOperations, 'PutDashboard', CloudWatchDeps> = {
  accepts: { DashboardName: true, DashboardBody: true, Tags: empty },
  async handle(input, request, { metrics }) {
    const name = checkDashboardName(input.DashboardName)
    const DashboardValidationMessages = checkDashboardBody(input.DashboardBody)
    const { store, clock } = metrics.context
    const body = input.DashboardBody ?? ''
    await keep(store, request.scope, { name, body, modifiedAt: clock.now() })
    return { DashboardValidationMessages }
  },
}
