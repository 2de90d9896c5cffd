import type { StackEvent as StackEventView } from '@aws-sdk/client-cloudformation'
import { eventsOf } from '../../../stacks/stack-reader.ts'
import type { StackEvent, StackRecord } from '../../../stacks/stack-records.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { needStack } from '../find-stack.ts'
import { newestFirst, pageReply } from '../paging.ts'

/** Newest first. */
export const describeStackEvents: CloudFormationOperation<'DescribeStackEvents'> = {
  accepts: { StackName: true, NextToken: true },
  async handle(input, request, deps) {
    const stack = await needStack(
      deps,
      request.scope,
      input.StackName,
      (name) => `Stack [${name}] does not exist`,
    )
    const events = await eventsOf(deps.stacks.store, request.scope, stack.uuid)
    const numbered = events.map((event, index) => ({ event, index }))
    const { items, token } = pageReply(
      numbered,
      ({ index }) => newestFirst(index, ''),
      input.NextToken,
    )
    return { StackEvents: items.map(({ event }) => eventView(stack, event)), ...token }
  },
}

function eventView(stack: StackRecord, event: StackEvent): StackEventView {
  return {
    StackId: stack.stackId,
    EventId: event.eventId,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.at),
    // A stack's own event carries the stack's status, which the model's enumeration lists only in part.
    ResourceStatus: event.status as StackEventView['ResourceStatus'],
    ...(event.reason === undefined ? {} : { ResourceStatusReason: event.reason }),
    ...(event.token === undefined ? {} : { ClientRequestToken: event.token }),
  }
}
