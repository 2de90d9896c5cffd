import type { Group, InlinePolicy, Role, User } from '../../identity/records.ts'
import { parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { deleteConflict, limitExceeded, noSuchEntity } from './errors.ts'
import { managedPolicyAt } from './managed-policies.ts'
import type { IamDeps } from './service-deps.ts'

type Holder = Pick<User | Role | Group, 'inlinePolicies' | 'attachedPolicyArns'>

/** AWS's quota. */
export const attachedMax = 10

export function withInline<T extends Holder>(holder: T, policy: InlinePolicy): T {
  const others = holder.inlinePolicies.filter((each) => each.name !== policy.name)
  return { ...holder, inlinePolicies: [...others, policy] }
}

export function withoutInline<T extends Holder>(holder: T, name: string | undefined): T {
  inlineNamed(holder, name)
  return { ...holder, inlinePolicies: holder.inlinePolicies.filter((each) => each.name !== name) }
}

export function inlineNamed(holder: Holder, name: string | undefined): InlinePolicy {
  const found = holder.inlinePolicies.find((each) => each.name === name)
  if (!found) throw noSuchEntity(`policy with name ${name ?? ''}`)
  return found
}

export function withAttached<T extends Holder>(holder: T, arn: string): T {
  if (holder.attachedPolicyArns.includes(arn)) return holder
  if (holder.attachedPolicyArns.length >= attachedMax) {
    throw limitExceeded('PoliciesPerRole', attachedMax)
  }
  return { ...holder, attachedPolicyArns: [...holder.attachedPolicyArns, arn] }
}

export function withoutAttached<T extends Holder>(holder: T, arn: string): T {
  if (!holder.attachedPolicyArns.includes(arn)) throw noSuchEntity(`policy ${arn}`)
  const left = holder.attachedPolicyArns.filter((each) => each !== arn)
  return { ...holder, attachedPolicyArns: left }
}

/** A policy of the account that is there, or one of AWS's own, of which only the name is known. */
export async function checkAttachable(
  deps: IamDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<string> {
  const parsed = parseArn(arn ?? '')
  const isOfAws = parsed?.service === 'iam' && parsed.account === 'aws'
  if (isOfAws && parsed.resource.startsWith('policy/')) return arn ?? ''
  return (await managedPolicyAt(deps, scope, arn)).value.arn
}

/** Who holds policies is not deleted. Throws DeleteConflict. */
export function checkFreeOfPolicies({ inlinePolicies, attachedPolicyArns }: Holder): void {
  if (inlinePolicies.length > 0) {
    throw deleteConflict('Cannot delete entity, must delete policies first.')
  }
  if (attachedPolicyArns.length > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.')
  }
}

export function attachedShape(arn: string) {
  return { PolicyName: parseArn(arn)?.resource.split('/').at(-1) ?? arn, PolicyArn: arn }
}
