import type {
  Capability,
  Output,
  Parameter,
  Stack,
  StackDriftInformation,
  StackResourceDetail,
  StackResourceDriftInformation,
  StackSummary,
} from '@aws-sdk/client-cloudformation'
import { watchersView } from './request-members.ts'
import type { ResourceDrift } from '../../stacks/drift.ts'
import type { ResourceRecord, StackRecord, StackTarget } from '../../stacks/stack-records.ts'

/** A stack as DescribeStacks shows it. */
export function stackView(stack: StackRecord): Stack {
  const { target } = stack
  return {
    StackId: stack.stackId,
    StackName: stack.name,
    ...(target.description === undefined ? {} : { Description: target.description }),
    ...familyOf(stack),
    ...(stack.changeSetId === undefined ? {} : { ChangeSetId: stack.changeSetId }),
    Parameters: parametersView(target),
    ...timesOf(stack),
    StackStatus: stack.status,
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    DisableRollback: stack.onFailure === 'DO_NOTHING',
    ...watchersView(target),
    ...(target.roleArn === undefined ? {} : { RoleARN: target.roleArn }),
    ...(stack.timeoutMinutes === undefined ? {} : { TimeoutInMinutes: stack.timeoutMinutes }),
    Capabilities: capabilitiesView(target.capabilities),
    Outputs: stack.outputs.map(({ name, value, description, exportName }): Output => ({
      OutputKey: name,
      OutputValue: value,
      ...(description === undefined ? {} : { Description: description }),
      ...(exportName === undefined ? {} : { ExportName: exportName }),
    })),
    Tags: target.tags.map(({ Key, Value }) => ({ Key, Value })),
    EnableTerminationProtection: stack.isProtected,
    DriftInformation: driftOf(stack),
  }
}

export function summaryView(stack: StackRecord): StackSummary {
  const { description } = stack.target
  return {
    StackId: stack.stackId,
    StackName: stack.name,
    ...(description === undefined ? {} : { TemplateDescription: description }),
    ...familyOf(stack),
    ...timesOf(stack),
    StackStatus: stack.status,
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    DriftInformation: driftOf(stack),
  }
}

function familyOf({ parent }: StackRecord): Pick<Stack, 'ParentId' | 'RootId'> {
  return parent ? { ParentId: parent.stackId, RootId: parent.rootId } : {}
}

function driftOf({ drift }: StackRecord): StackDriftInformation {
  if (!drift) return { StackDriftStatus: 'NOT_CHECKED' }
  return { StackDriftStatus: drift.status, LastCheckTimestamp: new Date(drift.at) }
}

/** What every view of a stack's resource says of its drift. */
export function resourceDriftView(drift: ResourceDrift | undefined): StackResourceDriftInformation {
  if (!drift || drift.status === 'NOT_CHECKED') return { StackResourceDriftStatus: 'NOT_CHECKED' }
  return { StackResourceDriftStatus: drift.status, LastCheckTimestamp: new Date(drift.at) }
}

function timesOf(
  stack: StackRecord,
): Pick<Stack, 'CreationTime' | 'LastUpdatedTime' | 'DeletionTime'> {
  return {
    CreationTime: new Date(stack.createdAt),
    ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
    ...(stack.deletedAt === undefined ? {} : { DeletionTime: new Date(stack.deletedAt) }),
  }
}

/** The model's names are the caller's own: they were accepted as given. */
export function capabilitiesView(capabilities: readonly string[]): Capability[] {
  return capabilities.map((capability) => capability as Capability)
}

export function parametersView({
  parameters,
  hidden,
  resolved = {},
}: Pick<StackTarget, 'parameters' | 'hidden' | 'resolved'>): Parameter[] {
  return Object.entries(parameters).map(([name, value]) => ({
    ParameterKey: name,
    ParameterValue: hidden.includes(name) ? '****' : value,
    ...(resolved[name] === undefined || hidden.includes(name)
      ? {}
      : { ResolvedValue: resolved[name] }),
  }))
}

/** What every view of a stack's resource has. */
export function resourceView(record: ResourceRecord): Pick<
  StackResourceDetail,
  'LogicalResourceId' | 'ResourceType' | 'ResourceStatus'
> & {
  PhysicalResourceId?: string
  ResourceStatusReason?: string
} {
  const { physicalId } = record.current
  return {
    LogicalResourceId: record.logicalId,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
    ResourceType: record.type,
    ResourceStatus: record.status,
    ...(record.statusReason === undefined ? {} : { ResourceStatusReason: record.statusReason }),
  }
}
