import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { checkDashboardBody } from '../dashboard-body.ts'
import { checkDashboardName, dashboards, dashboardScope, putDashboard } from '../dashboards.ts'
import { dashboardExists } from '../errors.ts'
import type { CloudWatchDeps } from '../service-deps.ts'

/** `AWS::CloudWatch::Dashboard`: `Ref` is its name. */
export function dashboardType({ metrics }: CloudWatchDeps): ResourceType {
  const { store, clock } = metrics.context

  return {
    name: 'AWS::CloudWatch::Dashboard',
    properties: { DashboardBody: 'string', DashboardName: 'string' },
    required: ['DashboardBody'],
    attributes: [],
    replaceOn: ['DashboardName'],
    async create(properties, context) {
      const { scope, token } = context
      const given = properties['DashboardName']
      const name = checkDashboardName(typeof given === 'string' ? given : context.physicalName(255))
      const body = checked(properties)
      const known = await store.find(dashboards, dashboardScope(scope), name)
      if (known && known.value.madeBy !== token) throw dashboardExists(name)
      await putDashboard(store, scope, { name, body, modifiedAt: clock.now(), madeBy: token })
      await context.started(name)
      return { physicalId: name, attributes: {} }
    },
    async update({ physicalId, after }, { scope }) {
      const modifiedAt = clock.now()
      await putDashboard(store, scope, { name: physicalId, body: checked(after), modifiedAt })
      return { physicalId, attributes: {} }
    },
    async read({ physicalId }, { scope }) {
      const found = await store.find(dashboards, dashboardScope(scope), physicalId)
      return found && { DashboardName: physicalId, DashboardBody: found.value.body }
    },
    async remove({ physicalId }, { scope }) {
      const found = await store.find(dashboards, dashboardScope(scope), physicalId)
      if (found) await store.remove(found)
    },
    inventory: {
      identifier: 'DashboardName',
      async list(scope) {
        return (await store.list(dashboards, dashboardScope(scope))).map(({ id }) => id)
      },
      async describe(physicalId, scope) {
        const found = await store.find(dashboards, dashboardScope(scope), physicalId)
        return found && { DashboardName: physicalId, DashboardBody: found.value.body }
      },
    },
  }
}

function checked(properties: Properties): string {
  const body = properties['DashboardBody']
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  checkDashboardBody(text)
  return text
}
