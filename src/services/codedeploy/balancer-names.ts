import type { LoadBalancerInfo } from '@aws-sdk/client-codedeploy'
import { classicPrefix } from '../../balance/targets.ts'
import { empty } from '../../wire/accept.ts'
import type { AcceptTree } from '../../wire/service.ts'
import * as errors from './errors.ts'

export const acceptsBalancers: AcceptTree = {
  targetGroupInfoList: { name: true },
  elbInfoList: { name: true },
  targetGroupPairInfoList: empty,
}

/** Target groups and classic balancers, as a group's record names them. */
export function balancerNamesOf(balancer: LoadBalancerInfo): readonly string[] {
  const groups = (balancer.targetGroupInfoList ?? []).map(({ name }) => {
    if (!name) throw errors.invalidLoadBalancer('A target group needs a name')
    return name
  })
  const classics = (balancer.elbInfoList ?? []).map(({ name }) => {
    if (!name) throw errors.invalidLoadBalancer('A load balancer needs a name')
    return `${classicPrefix}${name}`
  })
  return [...groups, ...classics]
}

export function viewBalancer(names: readonly string[]): LoadBalancerInfo {
  const isClassic = (name: string): boolean => name.startsWith(classicPrefix)
  const classics = names.filter(isClassic)
  const groups = names.filter((name) => !isClassic(name))
  return {
    ...(classics.length > 0 && {
      elbInfoList: classics.map((name) => ({ name: name.slice(classicPrefix.length) })),
    }),
    ...(groups.length > 0 && { targetGroupInfoList: groups.map((name) => ({ name })) }),
  }
}

/** What is not there, in words. */
export function balancerMissing(name: string): Error {
  const what = name.startsWith(classicPrefix)
    ? `load balancer named ${name.slice(classicPrefix.length)}`
    : `target group named ${name}`
  return errors.invalidLoadBalancer(`There is no ${what}`)
}
