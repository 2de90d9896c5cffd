import type { CreatePolicyRequest, Policy as PolicyShape } from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import {
  globalScopeOf,
  managedPolicies,
  type ManagedPolicy,
  type PolicyVersion,
} from '../../identity/records.ts'
import { globalArnOf, parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { modify, type StoredRecord } from '../../store/records.ts'
import { deleteConflict, limitExceeded, noSuchEntity } from './errors.ts'
import { countOf, holdersOf } from './holders.ts'
import { checkName, checkPath, checkPolicy, checkTags, encodeDocument } from './names.ts'
import { madeFor, namedEntities } from './named-entities.ts'
import type { IamDeps, Making } from './service-deps.ts'

/** AWS's quota. */
export const versionsMax = 5

/** A policy that can be read: when AWS's own ones were first made is not known, nor every id of theirs. */
export type ReadablePolicy = Omit<ManagedPolicy, 'policyId' | 'createdAt' | 'versionsMade'> &
  Partial<Pick<ManagedPolicy, 'policyId' | 'createdAt'>>

const policyEntities = namedEntities<ManagedPolicy>({
  kind: managedPolicies,
  nameOf: (policy) => policy.name,
  missing: (name) => `policy ${name}`,
  taken: (name) => `A policy called ${name}`,
})

export async function createPolicy(
  deps: IamDeps,
  making: Making,
  input: CreatePolicyRequest,
): Promise<ManagedPolicy> {
  const { random, clock } = deps.identity.context
  const name = checkName('policyName', input.PolicyName, 128)
  const path = checkPath(input.Path)
  const createdAt = clock.now()
  const document = checkPolicy(input.PolicyDocument, 'identity')
  const policy: ManagedPolicy = {
    name,
    policyId: identityId(random, 'ANPA'),
    path,
    arn: globalArnOf('iam', making.scope, `policy${path}${name}`),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    createdAt,
    updatedAt: createdAt,
    tags: checkTags(input.Tags),
    defaultVersionId: 'v1',
    versions: [{ versionId: 'v1', document, createdAt }],
    versionsMade: 1,
    ...madeFor(making),
  }
  return policyEntities.insert(deps, making, policy)
}

/** A policy of the account, by ARN. */
export async function managedPolicyAt(
  deps: IamDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<StoredRecord<ManagedPolicy>> {
  const { store } = deps.identity.context
  const found = await store.find(managedPolicies, globalScopeOf(scope), nameIn(arn))
  if (!found || found.value.arn !== arn) throw noSuchEntity(`policy ${arn ?? ''}`)
  return found
}

export async function changePolicy(
  deps: IamDeps,
  scope: Scope,
  arn: string | undefined,
  change: (policy: ManagedPolicy) => ManagedPolicy,
): Promise<ManagedPolicy> {
  await managedPolicyAt(deps, scope, arn)
  const at = { kind: managedPolicies, scope: globalScopeOf(scope), id: nameIn(arn) }
  const changed = await modify(deps.identity.context.store, at, change)
  if (!changed) throw noSuchEntity(`policy ${arn ?? ''}`)
  return changed.value
}

export function withVersion(
  policy: ManagedPolicy,
  version: { document: string; isDefault: boolean; at: number },
): ManagedPolicy {
  if (policy.versions.length >= versionsMax) throw limitExceeded('VersionsPerPolicy', versionsMax)
  const versionId = `v${policy.versionsMade + 1}`
  const made = { versionId, document: version.document, createdAt: version.at }
  return {
    ...policy,
    versions: [...policy.versions, made],
    versionsMade: policy.versionsMade + 1,
    defaultVersionId: version.isDefault ? versionId : policy.defaultVersionId,
    updatedAt: version.at,
  }
}

export function versionOf(
  policy: Pick<ManagedPolicy, 'arn' | 'versions'>,
  versionId: string | undefined,
): PolicyVersion {
  const found = policy.versions.find((version) => version.versionId === versionId)
  if (!found) throw noSuchEntity(`policy version ${versionId ?? ''} of ${policy.arn}`)
  return found
}

export async function deletePolicy(
  deps: IamDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<void> {
  await managedPolicyAt(deps, scope, arn)
  await deps.identity.context.store.transaction(async (records) => {
    const record = await records.find(managedPolicies, globalScopeOf(scope), nameIn(arn))
    if (!record) throw noSuchEntity(`policy ${arn ?? ''}`)
    const holders = await holdersOf(records, scope, record.value.arn)
    if (countOf(holders) > 0) {
      throw deleteConflict('Cannot delete a policy attached to entities.')
    }
    if (record.value.versions.length > 1) {
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
          'The default version is deleted with the policy.',
      )
    }
    await records.remove(record)
  })
}

export async function policyShape(
  deps: IamDeps,
  scope: Scope,
  policy: ReadablePolicy,
): Promise<PolicyShape> {
  const holders = await holdersOf(deps.identity.context.store, scope, policy.arn)
  return {
    PolicyName: policy.name,
    ...(policy.policyId && { PolicyId: policy.policyId }),
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: countOf(holders),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    ...(policy.createdAt !== undefined && { CreateDate: new Date(policy.createdAt) }),
    UpdateDate: new Date(policy.updatedAt),
    ...(policy.tags.length > 0 ? { Tags: [...policy.tags] } : {}),
  }
}

export function versionShape(policy: ReadablePolicy, version: PolicyVersion) {
  return {
    VersionId: version.versionId,
    IsDefaultVersion: version.versionId === policy.defaultVersionId,
    CreateDate: new Date(version.createdAt),
    Document: encodeDocument(version.document),
  }
}

function nameIn(arn: string | undefined): string {
  return (
    parseArn(arn ?? '')
      ?.resource.split('/')
      .at(-1) ?? ''
  )
}
