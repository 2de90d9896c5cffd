import {
  activeDeployments,
  deployments,
  isFinished,
  type Deployment,
} from '../deploy/deployment.ts'
import { eventLogs, type EventLog } from '../deploy/host-command.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Logs } from '../logs/create-logs.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { kindOf, modify, RecordExists, type Kind, type StoredRecord } from '../store/records.ts'
import { writeLines } from './write-lines.ts'

/** Streams are `<deployment>/<instance>`. */
function deploymentGroup(applicationName: string): string {
  return `/aws/codedeploy/${applicationName.replace(/[^.\-_/#A-Za-z0-9]/g, '_')}`
}

/** How much of each log of a deployment has been taken, in characters. Id: the deployment's. */
interface LogPlaces {
  readonly places: Readonly<Record<string, number>>
}
const logPlaces = kindOf<LogPlaces>('server/deployment-log-places')
/** Deployments some of whose logs may still have to be taken. Id: the deployment's. */
const openLogs = kindOf<object>('server/open-deployment-log')

/** A deployment's logs are looked at again no sooner than this, nor than so many times what the last look took. */
const pauseMilliseconds = 1000
const pauseShare = 10
const pageMax = 500

/**
 * Takes what the hooks of deployments write to a log group. A reconciler, so that one of several servers does it. Lines are written before the
 * places are: after a crash some may be there twice, and none is missing.
 */
export function deploymentLogs(logs: Logs): { readonly reconcilers: readonly Reconciler[] } {
  const { store, clock } = logs.context
  const nextAt = new Map<string, number>()
  const reconciler: Reconciler = {
    name: 'server/deployment-logs',
    periodMilliseconds: 30_000,
    concurrencyMax: 2,
    wakes: [
      { kind: eventLogs, keysOf: ({ scope, owner }) => [keyOf(scope, owner ?? '')] },
      { kind: deployments, keysOf: ({ scope, id }) => [keyOf(scope, id)] },
    ],
    async keys() {
      const active = await store.listAll(activeDeployments)
      const open = await store.listAll(openLogs)
      const ids = [...active.map(({ scope, value }) => keyOf(scope, value.deploymentId))]
      return [...new Set([...ids, ...open.map(({ scope, id }) => keyOf(scope, id))])]
    },
    async reconcile(key) {
      const startedAt = clock.now()
      const wait = (nextAt.get(key) ?? 0) - startedAt
      if (wait > 0) return { againAfterMilliseconds: wait }
      const { scope, id } = openKey(key)
      const deployment = (await store.find(deployments, scope, id))?.value
      if (deployment) await take(logs, scope, deployment)
      if (deployment && !isFinished(deployment.status)) {
        const pause = Math.max(pauseMilliseconds, pauseShare * (clock.now() - startedAt))
        nextAt.set(key, clock.now() + pause)
        return undefined
      }
      nextAt.delete(key)
      const open = await store.find(openLogs, scope, id)
      if (open) await store.remove(open)
      return undefined
    },
  }
  return { reconcilers: [reconciler] }
}

/** Whole lines only, until the deployment is over. */
async function take(logs: Logs, scope: Scope, deployment: Deployment): Promise<void> {
  const { store } = logs.context
  const { deploymentId: id } = deployment
  const places: Record<string, number> = {
    ...(await store.find(logPlaces, scope, id))?.value.places,
  }
  const isOver = isFinished(deployment.status)
  let hasNews = false
  for (let after: string | undefined, isLast = false; !isLast;) {
    const page: readonly StoredRecord<EventLog>[] = await store.list(eventLogs, scope, {
      ...{ owner: id, itemsMax: pageMax },
      ...(after === undefined ? {} : { idAfter: after }),
    })
    for (const log of page) {
      const { text } = log.value
      const place = places[log.id] ?? 0
      const end = isOver ? text.length : text.lastIndexOf('\n') + 1
      if (end <= place) continue
      if (!hasNews && !isOver) await insertOnce(logs, openLogs, { scope, id }, {})
      hasNews = true
      await writeLines(
        logs,
        streamOf(scope, deployment, log),
        text.slice(place, end).split(/\r?\n/),
      )
      places[log.id] = end
    }
    after = page.at(-1)?.id
    isLast = page.length < pageMax
  }
  if (!hasNews) return
  const at = { kind: logPlaces, scope, id }
  if (await modify(store, at, () => ({ places }))) return
  await insertOnce(logs, logPlaces, { scope, id }, { places })
}

/** A log's id is `<deployment>/<instance>/<event>`. */
function streamOf(scope: Scope, deployment: Deployment, log: StoredRecord<EventLog>) {
  const [, instanceId = ''] = log.id.split('/')
  return {
    scope,
    groupName: deploymentGroup(deployment.applicationName),
    streamName: `${deployment.deploymentId}/${instanceId}`.replace(/[:*]/g, '_'),
  }
}

async function insertOnce<T>(
  { context }: Logs,
  kind: Kind<T>,
  at: { readonly scope: Scope; readonly id: string },
  value: T,
): Promise<void> {
  await context.store.insert(kind, at, value).catch((thrown: unknown) => {
    if (!(thrown instanceof RecordExists)) throw thrown
  })
}
