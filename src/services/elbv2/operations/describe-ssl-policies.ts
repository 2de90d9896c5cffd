import { sslPolicies, sslPolicyNamed, versionsOf } from '../../../balance/ssl-policies.ts'
import { is } from '../../../wire/accept.ts'
import { paged } from '../paging.ts'
import type { Elbv2Operation } from '../deps.ts'
import { sslPolicyNotFound } from '../errors.ts'

export const describeSslPolicies: Elbv2Operation<'DescribeSSLPolicies'> = {
  accepts: {
    Names: true,
    LoadBalancerType: is('application', 'network'),
    Marker: true,
    PageSize: true,
  },
  async handle(input) {
    const { Names = [] } = input
    const names = Names.length === 0 ? Object.keys(sslPolicies) : Names
    const found = names.map((Name) => {
      const policy = sslPolicyNamed(Name)
      if (policy === undefined) throw sslPolicyNotFound(Name)
      return {
        Name,
        SslProtocols: [...versionsOf(policy)],
        Ciphers: policy.ciphers.map((cipher, index) => ({ Name: cipher, Priority: index + 1 })),
        SupportedLoadBalancerTypes: ['application', 'network'],
      }
    })
    // In AWS's order.
    const placed = [...found.entries()]
    const { items, NextMarker } = paged(placed, ([at]) => String(at).padStart(3, '0'), input)
    return { SslPolicies: items.map(([, policy]) => policy), NextMarker }
  },
}
