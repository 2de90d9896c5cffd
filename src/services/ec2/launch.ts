import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import type { Instance, LaunchRequest } from '../../compute/instance.ts'
import type { LaunchSettings } from '../../compute/launch-templates.ts'
import type { Scope } from '../../kernel/scope.ts'
import { withTags } from '../../kernel/tags.ts'
import type { StoredRecord } from '../../store/records.ts'
import { is } from '../../wire/accept.ts'
import type { Ec2Deps } from './deps.ts'
import { invalidCombination } from './errors.ts'
import { settingsOf, launchMembers } from './launch-settings.ts'
import { templateRefOf } from './template-view.ts'

/** The members of RunInstances that are honoured, but how many. */
export const runMembers = {
  ...launchMembers,
  SubnetId: true,
  PrivateIpAddress: true,
  ClientToken: true,
  Placement: { AvailabilityZone: true, Tenancy: is('default'), GroupName: is('') },
  LaunchTemplate: { LaunchTemplateId: true, LaunchTemplateName: true, Version: true },
} as const

/** What every instance has, as DescribeInstances shows it: tools say it aloud. Spot requests know nothing of it. */
export const everyInstance = {
  CapacityReservationSpecification: { CapacityReservationPreference: is('open') },
  HibernationOptions: { Configured: is(false) },
  EnclaveOptions: { Enabled: is(false) },
  MaintenanceOptions: { AutoRecovery: is('default') },
  PrivateDnsNameOptions: {
    HostnameType: is('ip-name'),
    EnableResourceNameDnsARecord: is(false),
    EnableResourceNameDnsAAAARecord: is(false),
  },
} as const

/** Launches what a request says, over what its template says. */
export async function launchInstances(
  deps: Ec2Deps,
  scope: Scope,
  input: Omit<RunInstancesCommandInput, 'MinCount' | 'MaxCount'> & { count: number },
): Promise<readonly StoredRecord<Instance>[]> {
  const { launchTemplates, instances } = deps.compute
  requireOnePlaceFor(input)
  const own: LaunchSettings = {
    ...settingsOf({ ...input, Placement: { AvailabilityZone: input.Placement?.AvailabilityZone } }),
    ...(input.SubnetId && { subnetId: input.SubnetId }),
    ...(input.PrivateIpAddress && { privateAddress: input.PrivateIpAddress }),
  }
  const template = input.LaunchTemplate
    ? (await launchTemplates.settings(scope, templateRefOf(input.LaunchTemplate))).version.settings
    : {}
  const request = await launchTemplates.requestOf(scope, overlaid(template, own))
  const launch: LaunchRequest = {
    ...request,
    count: input.count,
    ...(input.ClientToken && { clientToken: input.ClientToken }),
  }
  return instances.launch(scope, launch)
}

/** Where an interface is named, what concerns it is said of it and nowhere else. */
function requireOnePlaceFor(
  input: Pick<RunInstancesCommandInput, 'NetworkInterfaces' | 'SubnetId' | 'PrivateIpAddress'>,
): void {
  if (!input.NetworkInterfaces?.length) return
  const doubled = input.SubnetId ? 'subnet ID' : input.PrivateIpAddress && 'private IP address'
  if (!doubled) return
  throw invalidCombination(
    `Network interfaces and an instance-level ${doubled} may not be specified on the same request`,
  )
}

/** The request's own settings win; its groups take the place of all of the template's, its tags lie over them. */
export function overlaid(template: LaunchSettings, own: LaunchSettings): LaunchSettings {
  const { securityGroupIds, securityGroupNames, ...rest } = template
  const namesGroups = own.securityGroupIds !== undefined || own.securityGroupNames !== undefined
  return {
    ...rest,
    ...(!namesGroups && securityGroupIds && { securityGroupIds }),
    ...(!namesGroups && securityGroupNames && { securityGroupNames }),
    ...own,
    tags: withTags(template.tags ?? [], own.tags ?? []),
  }
}
