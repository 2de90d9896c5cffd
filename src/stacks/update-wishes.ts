import { checkedPolicy } from './domain/stack-policy.ts'
import type { StackRecord } from './stack-records.ts'

/** How an update goes, besides what it leads to. */
export interface UpdateWishes {
  readonly doNothingOnFailure?: boolean
  readonly retainsExceptOnCreate?: boolean
  /** What was changed behind the stack's back is brought back. */
  readonly revertsDrift?: boolean
  /** Replaces the stack's policy once the update began. */
  readonly policy?: string | undefined
  /** Holds during this update instead of the stack's own. */
  readonly policyDuringUpdate?: string | undefined
}

/** The stack as the update that begins wants it. Throws for a policy that cannot be read. */
export function wishedOf(stack: StackRecord, wishes: UpdateWishes): StackRecord {
  const { policyNow: _, keepsOnFailure: __, retainsExceptOnCreate: ___, ...kept } = stack
  const { revertsDrift: ____, ...rest } = kept
  const { policy, policyDuringUpdate } = wishes
  const policyNow = policyDuringUpdate ?? stack.policy
  return {
    ...rest,
    ...(wishes.doNothingOnFailure ? { keepsOnFailure: true } : {}),
    ...(wishes.retainsExceptOnCreate ? { retainsExceptOnCreate: true } : {}),
    ...(wishes.revertsDrift ? { revertsDrift: true } : {}),
    ...(policy === undefined ? {} : { policy: checkedPolicy(policy) }),
    ...(policyNow === undefined ? {} : { policyNow: checkedPolicy(policyNow) }),
  }
}
