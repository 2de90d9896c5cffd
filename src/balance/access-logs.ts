import type { Scope } from '../kernel/scope.ts'
import { Refusal } from '../network/refusal.ts'
import type { AccessLogFile } from '../protocol/gateway.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Store } from '../store/records.ts'
import { balancerArn, classicBalancerArn } from './arns.ts'
import { classicBalancers } from './classic-records.ts'
import type { ConfigurationHub } from './configuration-hub.ts'
import { logFileKey, logFolder } from './log-keys.ts'
import { permitsLogDelivery } from './permits-log-delivery.ts'
import { balancers, type AccessLogSettings } from './records.ts'

/** The buckets that logs go to; fulfilled over the engine of S3. */
export interface LogBuckets {
  /** Undefined when there is none of this name that the account owns. */
  find(
    scope: Scope,
    bucket: string,
  ): Promise<{ readonly region: string; readonly policy: string | undefined } | undefined>
  /** The same key twice is one object. `gone`: the bucket does not take it, and would not later. */
  put(
    scope: Scope,
    at: { readonly bucket: string; readonly key: string },
    content: { readonly bytes: Uint8Array; readonly contentType: string },
  ): Promise<'stored' | 'gone'>
}

/** Access logs of balancers. */
export interface AccessLogs {
  /** Writes the test file that enabling leaves behind; refused in Elastic Load Balancing's words when the bucket does not take it. */
  allow(scope: Scope, settings: AccessLogSettings, sourceArn: string): Promise<void>
  /** Takes a gateway's file to its bucket. Throws when it is to be sent again. */
  deliver(gatewayId: string, file: AccessLogFile): Promise<void>
}

export function createAccessLogs(
  { store, log }: EngineContext,
  deps: { readonly buckets: LogBuckets | undefined; readonly hub: ConfigurationHub },
): AccessLogs {
  const { buckets, hub } = deps
  return {
    async allow(scope, { bucket, prefix }, sourceArn) {
      const folder = logFolder(scope, prefix)
      const found = await buckets?.find(scope, bucket)
      const key = `${folder}/ELBAccessLogTestFile`
      const delivery = { scope, bucket, key, sourceArn }
      if (found === undefined || !permitsLogDelivery(found.policy, delivery)) throw denied(bucket)
      if (found.region !== scope.region) {
        const message = `The S3 bucket '${bucket}' is in ${found.region}; the bucket must be in the same region as the load balancer, ${scope.region}`
        throw new Refusal('InvalidConfigurationRequest', message)
      }
      const text = `Enable AccessLog for ELB: ${sourceArn.split('loadbalancer/')[1] ?? ''}`
      const content = { bytes: Buffer.from(text), contentType: 'text/plain' }
      if ((await buckets?.put(scope, { bucket, key }, content)) !== 'stored') throw denied(bucket)
    },
    async deliver(gatewayId, file) {
      const { balancerId } = file
      const { gateways, balancers: known, scopes } = await hub.picture()
      const gateway = gateways.find((each) => each.gatewayId === gatewayId)
      const balancer = known.find((each) => each.balancerId === balancerId)
      const scope = scopes.get(balancerId)
      const isNode = balancer?.zones.some(({ subnetId }) => subnetId === gateway?.subnetId)
      // What nobody owns any more has nowhere to go.
      if (scope === undefined || isNode !== true) return
      const to = await destinationOf(store, scope, balancerId)
      if (to === undefined) return
      const { settings, sourceArn } = to
      const { bucket } = settings
      const key = logFileKey(scope, settings.prefix, file)
      const { policy } = (await buckets?.find(scope, bucket)) ?? {}
      const bytes = Buffer.from(file.content, 'base64')
      const isClassic = balancerId.startsWith('classic/')
      const content = { bytes, contentType: isClassic ? 'text/plain' : 'application/x-gzip' }
      const isPermitted = permitsLogDelivery(policy, { scope, bucket, key, sourceArn })
      const outcome = isPermitted && (await buckets?.put(scope, { bucket, key }, content))
      if (outcome !== 'stored') log.write('warn', 'a bucket refuses an access log', { bucket, key })
    },
  }
}

function denied(bucket: string): Refusal {
  return new Refusal(
    'InvalidConfigurationRequest',
    `Access Denied for bucket: ${bucket}. Please check S3bucket permission`,
  )
}

/** Where a balancer's logs go, also those of the time before they were switched off. */
async function destinationOf(
  store: Store,
  scope: Scope,
  balancerId: string,
): Promise<{ settings: AccessLogSettings; sourceArn: string } | undefined> {
  const [, name = ''] = balancerId.split('/')
  const isClassic = balancerId.startsWith('classic/')
  const record = isClassic
    ? await store.find(classicBalancers, scope, name)
    : await store.find(balancers, scope, balancerId)
  const settings = record?.value.accessLog
  if (settings === undefined || settings.bucket === '') return undefined
  const arn = isClassic ? classicBalancerArn(scope, name) : balancerArn(scope, balancerId)
  return { settings, sourceArn: arn }
}
