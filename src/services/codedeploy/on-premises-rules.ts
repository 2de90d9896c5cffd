import type { InstanceInfo } from '@aws-sdk/client-codedeploy'
import {
  isRegistered,
  onPremisesInstances,
  type OnPremisesInstance,
} from '../../deploy/on-premises.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import type { StoredRecord } from '../../store/records.ts'
import type { CodeDeployDeps } from './codedeploy-operation.ts'
import * as errors from './errors.ts'

const namePattern = /^[A-Za-z0-9+=,.@_-]{1,100}$/
const userPattern = /^arn:aws[\w-]*:iam::\d{12}:user\/[\w+=,.@/-]+$/
const sessionPattern = /^arn:aws[\w-]*:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/

/** AWS keeps `i-` for EC2 instances. */
export function instanceName(name: string | undefined): string {
  if (!name) throw errors.instanceNameRequired()
  if (!namePattern.test(name) || name.startsWith('i-')) throw errors.invalidInstanceName(name)
  return name
}

/** Exactly one of the two ARNs. */
export function openIdentity(given: {
  readonly iamUserArn?: string | undefined
  readonly iamSessionArn?: string | undefined
}): OnPremisesInstance['identity'] {
  const { iamUserArn, iamSessionArn } = given
  if (iamUserArn && iamSessionArn) throw errors.multipleIamArns()
  if (iamSessionArn) {
    if (!sessionPattern.test(iamSessionArn)) throw errors.invalidIamSessionArn(iamSessionArn)
    return { kind: 'session', arn: iamSessionArn }
  }
  if (!iamUserArn) throw errors.iamArnRequired()
  if (!userPattern.test(iamUserArn)) throw errors.invalidIamUserArn(iamUserArn)
  return { kind: 'user', arn: iamUserArn }
}

/** The record, registered or not any more; AWS's error for a name that was never registered. */
export async function findOnPremises(
  deps: CodeDeployDeps,
  scope: Scope,
  name: string | undefined,
): Promise<StoredRecord<OnPremisesInstance>> {
  const id = instanceName(name)
  const record = await deps.deploy.store.find(onPremisesInstances, scope, id)
  if (!record) throw errors.instanceNotRegistered(id)
  return record
}

/** AWS's bound of one call that names instances to tag. */
const namesMax = 100

/** All of them or none. */
export async function tagOnPremises(
  deps: CodeDeployDeps,
  scope: Scope,
  names: readonly string[] | undefined,
  change: (tags: readonly Tag[]) => readonly Tag[],
): Promise<void> {
  if (!names || names.length === 0) throw errors.instanceNameRequired()
  if (names.length > namesMax) throw errors.instanceLimitExceeded(namesMax)
  const wanted = new Set(names.map(instanceName))
  await deps.deploy.store.transaction(async (records) => {
    // All are looked at before the first is written: none is, where one is refused.
    const tagged = await Promise.all(
      [...wanted].map(async (id) => {
        const record = await records.find(onPremisesInstances, scope, id)
        if (!record || !isRegistered(record.value)) throw errors.instanceNotRegistered(id)
        const tags = change(record.value.tags)
        if (tags.length > tagsMax) throw errors.tagLimitExceeded(tagsMax)
        return { record, value: { ...record.value, tags } }
      }),
    )
    await Promise.all(tagged.map(({ record, value }) => records.update(record, value)))
  })
}

/** AWS's bound of the tags of one instance. */
const tagsMax = 10

export function viewOnPremises(instance: OnPremisesInstance): InstanceInfo {
  const { identity, deregisterTime } = instance
  return {
    instanceName: instance.instanceName,
    ...(identity.kind === 'user' ? { iamUserArn: identity.arn } : { iamSessionArn: identity.arn }),
    instanceArn: instance.instanceArn,
    registerTime: new Date(instance.registerTime),
    ...(deregisterTime !== undefined && { deregisterTime: new Date(deregisterTime) }),
    tags: instance.tags.map((tag) => ({ ...tag })),
  }
}
