import { parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { NamedHost } from './authorize-host.ts'
import type { CommandsDeps } from './commands-operation.ts'
import { clientError } from './errors.ts'

/** A command as agents hold it: opaque to them, and enough for us to find it again. */
export function sealCommand(scope: Scope, commandId: string): string {
  const text = JSON.stringify([scope.account, scope.region, commandId])
  return Buffer.from(text).toString('base64url')
}

export function openCommand(identifier: string | undefined): { scope: Scope; commandId: string } {
  if (!identifier) throw clientError('HostCommandIdentifier is required')
  try {
    const parts: unknown = JSON.parse(Buffer.from(identifier, 'base64url').toString())
    if (Array.isArray(parts) && parts.length === 3 && parts.every((p) => typeof p === 'string')) {
      const [account, region, commandId] = parts as [string, string, string]
      return { scope: { account, region }, commandId }
    }
  } catch {
    // Not JSON: not ours.
  }
  throw clientError('HostCommandIdentifier is not one of this service')
}

/** In the form that AWS's agents expect: `CodeDeploy/<region>/Prod/<deployment ARN>`. */
export function executionIdOf(scope: Scope, deploymentId: string): string {
  const { account, region } = scope
  return `CodeDeploy/${region}/Prod/arn:aws:sds:${region}:${account}:deployment/${deploymentId}`
}

export function openExecutionId(text: string | undefined): { scope: Scope; deploymentId: string } {
  const parts = /\/Prod\/arn:[^:]+:sds:([^:]+):([^:]+):deployment\/(.+)$/.exec(text ?? '')
  const [, region = '', account = '', deploymentId = ''] = parts ?? []
  if (!parts) throw clientError('DeploymentExecutionId is not one of this service')
  return { scope: { account, region }, deploymentId }
}

/**
 * What AWS's agents call themselves: `arn:aws:ec2:<region>:<account>:instance/i-…` on an instance, on a registered server the ARN of the
 * user or the session that they sign as. Those have no region: it is the request's.
 */
export async function openHost(
  deps: CommandsDeps,
  region: string,
  identifier: string | undefined,
): Promise<NamedHost & { readonly scope: Scope }> {
  const arn = parseArn(identifier ?? '')
  const instanceId = /^instance\/(.+)$/.exec(arn?.resource ?? '')?.[1]
  if (arn?.service === 'ec2' && instanceId !== undefined) {
    return { scope: { account: arn.account, region: arn.region }, instanceId }
  }
  if (!arn || (arn.service !== 'iam' && arn.service !== 'sts')) {
    throw clientError(
      'HostIdentifier is neither the ARN of an instance nor that of a user or a session of a registered on-premises instance',
    )
  }
  const identityArn = identifier ?? ''
  const scope = { account: arn.account, region }
  const host = await deps.deploy.hostCommands.onPremisesHost(scope, identityArn)
  if (!host) throw clientError(`No on-premises instance is registered with ${identityArn}`)
  return { scope, instanceId: host.instanceId, identityArn }
}
