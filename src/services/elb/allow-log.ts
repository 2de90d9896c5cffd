import { classicBalancerArn } from '../../balance/arns.ts'
import type { ClassicBalancer } from '../../balance/classic-records.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { ElbDeps } from './deps.ts'

/** Refuses an access log that its bucket does not take. */
export async function allowLog(
  { balance }: ElbDeps,
  scope: Scope,
  { name, accessLog }: Pick<ClassicBalancer, 'name' | 'accessLog'>,
): Promise<void> {
  if (accessLog?.isEnabled !== true) return
  await balance.accessLogs.allow(scope, accessLog, classicBalancerArn(scope, name))
}
