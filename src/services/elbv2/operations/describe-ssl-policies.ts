import type { Elbv2Operation } from '../deps.ts'
import { sslPolicyNotFound } from '../errors.ts'
import { sslPolicies } from '../listener-tls.ts'

export const describeSslPolicies: Elbv2Operation<'DescribeSSLPolicies'> = {
  accepts: { Names: true },
  async handle({ Names }) {
    const names = Names === undefined || Names.length === 0 ? Object.keys(sslPolicies) : Names
    return {
      SslPolicies: names.map((Name) => {
        const versions = Object.hasOwn(sslPolicies, Name) ? sslPolicies[Name] : undefined
        if (versions === undefined) throw sslPolicyNotFound(Name)
        const { minVersion, maxVersion } = versions
        return {
          Name,
          SslProtocols: [...new Set([minVersion, maxVersion])],
          SupportedLoadBalancerTypes: ['application'],
        }
      }),
    }
  },
}
