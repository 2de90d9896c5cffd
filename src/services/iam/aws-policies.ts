import type { Scope } from '../../kernel/scope.ts'
import { awsPolicyList, type AwsPolicySource } from './aws-policy-list.ts'
import { managedPolicyAt, type ReadablePolicy } from './managed-policies.ts'
import type { IamDeps } from './service-deps.ts'

/** AWS's own policies that are known by more than their names, each with its default version alone. */
export const awsPolicies: readonly ReadablePolicy[] = awsPolicyList.map(readable)

/** A policy of the account, or one of AWS's own. Throws NoSuchEntity. */
export async function policyAt(
  deps: IamDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<ReadablePolicy> {
  const ofAws = awsPolicies.find((policy) => policy.arn === arn)
  return ofAws ?? (await managedPolicyAt(deps, scope, arn)).value
}

function readable({ name, path = '/', ...source }: AwsPolicySource): ReadablePolicy {
  const { versionId, versionAt, policyId } = source
  const at = Date.parse(versionAt)
  const document = JSON.stringify({ Version: '2012-10-17', Statement: source.statements }, null, 4)
  return {
    ...{ name, path, arn: `arn:aws:iam::aws:policy${path}${name}` },
    ...(policyId && { policyId }),
    // What has had one version only was made with it.
    ...(versionId === 'v1' && { createdAt: at }),
    updatedAt: at,
    tags: [],
    defaultVersionId: versionId,
    versions: [{ versionId, document, createdAt: at }],
  }
}
