import type { ElbOperation } from '../deps.ts'
import { policyTypeNotFound } from '../errors.ts'
import { policyTypes } from '../policies.ts'

export const describeLoadBalancerPolicyTypes: ElbOperation<'DescribeLoadBalancerPolicyTypes'> = {
  accepts: { PolicyTypeNames: true },
  async handle(input) {
    const names = input.PolicyTypeNames ?? []
    const known = (name: string): boolean =>
      policyTypes.some((type) => type.PolicyTypeName === name)
    const missing = names.find((name) => !known(name))
    if (missing !== undefined) throw policyTypeNotFound(missing)
    const found = policyTypes.filter(
      (type) => names.length === 0 || names.includes(type.PolicyTypeName ?? ''),
    )
    return { PolicyTypeDescriptions: [...found] }
  },
}
