import { arnOf } from '../kernel/arn.ts'
import { uuid as newUuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records } from '../store/records.ts'
import { checkedPolicy } from './domain/stack-policy.ts'
import type { PreparedTarget, TargetRequest } from './prepare-target.ts'
import { insertEvents, stackEvent } from './stack-journal.ts'
import {
  stackNames,
  stacks,
  type OnFailure,
  type StackRecord,
  type StackTarget,
} from './stack-records.ts'
import { StackRefusal } from './stack-refusal.ts'
import { storeTarget } from './store-target.ts'

export interface CreateRequest extends TargetRequest {
  readonly name: string
  readonly onFailure: OnFailure
  readonly timeoutMinutes: number | undefined
  readonly isProtected: boolean
  readonly token: string | undefined
  readonly retainsExceptOnCreate?: boolean
  readonly policy?: string | undefined
  /** The stack whose resource the new one is. */
  readonly parent?: { readonly stackId: string; readonly rootId: string }
  /** Of the change set that showed it. */
  readonly changeSetId?: string | undefined
}

/** AWS's quota of stacks in a region. */
const stacksMax = 2000

export async function needRoom(
  records: Pick<Records, 'list'>,
  scope: Scope,
  count: number,
): Promise<void> {
  const names = await records.list(stackNames, scope)
  if (names.length + count <= stacksMax) return
  throw new StackRefusal('LimitExceededException', `Limit for stack has been exceeded`)
}

/** A stack that is not recorded yet. */
export function newStack(
  engine: Pick<EngineContext, 'clock' | 'random'>,
  scope: Scope,
  request: Omit<CreateRequest, keyof TargetRequest>,
): StackRecord {
  const uuid = newUuid(engine.random)
  const now = engine.clock.now()
  const { name, token, timeoutMinutes } = request
  return {
    uuid,
    stackId: arnOf('cloudformation', scope, `stack/${name}/${uuid}`),
    name,
    status: 'CREATE_IN_PROGRESS',
    createdAt: now,
    startedAt: now,
    generation: 1,
    target: emptyTarget,
    onFailure: request.onFailure,
    ...(timeoutMinutes === undefined ? {} : { timeoutMinutes }),
    isProtected: request.isProtected,
    ...(token === undefined ? {} : { token: { value: token, operation: 'create' } }),
    outputs: [],
    eventCount: 0,
    ...(request.parent ? { parent: request.parent } : {}),
    ...(request.retainsExceptOnCreate ? { retainsExceptOnCreate: true } : {}),
    ...(request.policy === undefined ? {} : { policy: checkedPolicy(request.policy) }),
  }
}

/** A stack that only a change set knows so far. Not recorded yet. */
export function reviewedStack(
  engine: Pick<EngineContext, 'clock' | 'random'>,
  scope: Scope,
  given: Pick<CreateRequest, 'name' | 'parent'>,
): StackRecord {
  const plain = { timeoutMinutes: undefined, isProtected: false, token: undefined } as const
  const stack = newStack(engine, scope, { ...given, ...plain, onFailure: 'ROLLBACK' })
  return { ...stack, generation: 0, status: 'REVIEW_IN_PROGRESS' }
}

/** Records a new stack with its first event. Throws `RecordExists` for a name that is taken. */
export async function insertStack(
  records: Records,
  scope: Scope,
  stack: StackRecord,
  prepared?: PreparedTarget,
): Promise<StackRecord> {
  await records.insert(stackNames, { scope, id: stack.name }, { uuid: stack.uuid })
  const target = prepared ? await storeTarget(records, scope, stack, prepared) : emptyTarget
  const value: StackRecord = { ...stack, target, eventCount: 1 }
  const event = stackEvent(stack, stack.status, 'User Initiated')
  const inserted = await records.insert(stacks, { scope, id: stack.uuid }, value)
  await insertEvents(records, inserted, [event], { first: 0, at: stack.createdAt })
  return value
}

const emptyTarget: StackTarget = {
  templateId: '',
  parameters: {},
  hidden: [],
  zones: {},
  tags: [],
  capabilities: [],
}
