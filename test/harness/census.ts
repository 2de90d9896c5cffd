import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from './platform.ts'
import { form, json, raw, type RawRequest } from './raw-request.ts'

/** Everything that a caller can list, and what lies on the disk for it. */
const listings: Readonly<Record<string, RawRequest>> = {
  ...queries('ec2', '2016-11-15', [
    'DescribeInstances',
    'DescribeVpcs',
    'DescribeSubnets',
    'DescribeSecurityGroups',
    'DescribeSecurityGroupRules',
    'DescribeRouteTables',
    'DescribeInternetGateways',
    'DescribeNetworkInterfaces',
    'DescribeKeyPairs',
    'DescribeLaunchTemplates',
    'DescribeTags',
  ]),
  ...queries('autoscaling', '2011-01-01', [
    'DescribeAutoScalingGroups',
    'DescribeScalingActivities',
    'DescribeTags',
  ]),
  ...queries('elasticloadbalancing', '2015-12-01', [
    'DescribeLoadBalancers',
    'DescribeTargetGroups',
  ]),
  ...queries('cloudformation', '2010-05-15', ['ListStacks']),
  ...queries('iam', '2010-05-08', [
    'ListUsers',
    'ListRoles',
    'ListPolicies',
    'ListInstanceProfiles',
  ]),
  ...Object.fromEntries(
    ['ListApplications', 'ListDeployments', 'ListDeploymentConfigs'].map((operation) => [
      `codedeploy ${operation}`,
      json('codedeploy', `CodeDeploy_20141006.${operation}`, '{}'),
    ]),
  ),
  's3 ListBuckets': { service: 's3', method: 'GET' },
}

function queries(
  service: string,
  version: string,
  actions: readonly string[],
): Record<string, RawRequest> {
  return Object.fromEntries(
    actions.map((action) => [
      `${service} ${action}`,
      form(service, { Action: action, Version: version }),
    ]),
  )
}

/** What there is, as text that is the same when nothing has changed. */
export async function census(platform: Platform): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  for (const [name, request] of Object.entries(listings)) {
    const answer = await raw(platform, request)
    assert.equal(answer.status, 200, `${name}: ${answer.body}`)
    found[name] = answer.body.replace(/<request(Id)>.*?<\/request\1>/gi, '')
    for (const [, bucket = ''] of name.startsWith('s3')
      ? answer.body.matchAll(/<Name>([^<]+)/g)
      : []) {
      for (const what of ['versions', 'uploads']) {
        const inside = await raw(platform, {
          service: 's3',
          method: 'GET',
          path: `/${bucket}?${what}=`,
        })
        assert.equal(inside.status, 200, inside.body)
        found[`s3 ${what} of ${bucket}`] = inside.body
      }
    }
  }
  const machines = join(platform.dataDirectory, 'machines')
  found['machines'] = (await readdir(machines)).toSorted().join(' ')
  return found
}

/** Runs `attempt` and holds that it left nothing behind and took nothing away. */
export async function leavesNothing(
  platform: Platform,
  attempt: () => Promise<void>,
): Promise<void> {
  const before = await census(platform)
  await attempt()
  assert.deepEqual(await census(platform), before)
}
