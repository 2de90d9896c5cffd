import type { Group, Role, User } from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { checkInline } from '../holder-policies.ts'
import { checkAttachable } from '../policies.ts'
import type { IamDeps } from '../service-deps.ts'

type HeldPolicies = Pick<Role | User | Group, 'inlinePolicies' | 'attachedPolicyArns'>

export interface PolicyProperties {
  readonly Policies?: readonly { readonly PolicyName?: string; readonly PolicyDocument?: string }[]
  readonly ManagedPolicyArns?: readonly string[]
}

/** What a template says of a role's, user's or group's policies, checked, as its record holds it. */
export async function holderPolicies(
  deps: IamDeps,
  scope: Scope,
  properties: PolicyProperties,
): Promise<HeldPolicies> {
  const inlinePolicies = (properties.Policies ?? []).map(checkInline)
  const attachedPolicyArns: string[] = []
  for (const arn of properties.ManagedPolicyArns ?? []) {
    attachedPolicyArns.push(await checkAttachable(deps, scope, arn))
  }
  return { inlinePolicies, attachedPolicyArns }
}

/**
 * The policies of a holder after its template changed: those that other resources gave it (AWS::IAM::Policy, ManagedPolicy) stay.
 */
export function mergedPolicies(
  held: HeldPolicies,
  before: PolicyProperties,
  after: HeldPolicies,
): HeldPolicies {
  const oldNames = (before.Policies ?? []).map((policy) => policy.PolicyName)
  const newNames = after.inlinePolicies.map((policy) => policy.name)
  const keptPolicies = held.inlinePolicies.filter(
    (policy) => !oldNames.includes(policy.name) && !newNames.includes(policy.name),
  )
  const oldArns = before.ManagedPolicyArns ?? []
  const keptArns = held.attachedPolicyArns.filter((arn) => !oldArns.includes(arn))
  return {
    inlinePolicies: [...keptPolicies, ...after.inlinePolicies],
    attachedPolicyArns: [...new Set([...keptArns, ...after.attachedPolicyArns])],
  }
}

/** The policies of a holder in the words of a template. */
export function describedPolicies({
  inlinePolicies,
  attachedPolicyArns,
}: HeldPolicies): PolicyProperties {
  return {
    ManagedPolicyArns: attachedPolicyArns,
    Policies: inlinePolicies.map(({ name, document }) => ({
      ...{ PolicyName: name, PolicyDocument: document },
    })),
  }
}
