import { isoTime } from '../kernel/clock.ts'
import { reasonOf } from '../kernel/errors.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision } from '../store/records.ts'
import type { Delivered, QueuePort } from '../topics/delivery-ports.ts'
import { inputFor } from './domain/target-input.ts'
import { pendingEvents, ruleArn, type PendingEvent, type PendingTarget } from './rule.ts'

/** Whom rules can tell; `server` joins them to queues and topics. */
export interface RulePorts {
  readonly queues: QueuePort
  readonly topics: { publish(topicArn: string, message: string): Promise<Delivered> }
}

const firstDelayMilliseconds = 1000
const delayMillisecondsMax = 10 * 60_000

/** Empties the outbox of events. A reconciler: a delivery that was made and not yet crossed off is made again. */
export function deliverEvents(context: EngineContext, ports: RulePorts): Reconciler {
  const { store, clock } = context
  return {
    name: 'rules/deliveries',
    periodMilliseconds: 30_000,
    concurrencyMax: 16,
    wakes: [{ kind: pendingEvents, keysOf: (change) => [keyOf(change.scope, change.id)] }],
    keys: async () => (await store.listAll(pendingEvents)).map(({ scope, id }) => keyOf(scope, id)),
    async reconcile(key, signal): Promise<Outcome | undefined> {
      const { scope, id } = openKey(key)
      const record = await store.find(pendingEvents, scope, id)
      if (!record) return undefined
      const now = clock.now()
      const after = await Promise.all(
        record.value.pending.map(async (one) =>
          one.dueAt > now ? one : tried({ context, ports, scope }, record.value, one),
        ),
      )
      if (signal.aborted) return undefined
      const pending = after.filter((one) => one !== undefined)
      try {
        if (pending.length === 0) await store.remove(record)
        else if (pending.some((one, n) => one !== record.value.pending[n])) {
          await store.update(record, { ...record.value, pending })
        }
      } catch (thrown) {
        if (!(thrown instanceof StaleRevision)) throw thrown
      }
      if (pending.length === 0) return undefined
      const dueAt = Math.min(...pending.map((one) => one.dueAt))
      return { againAfterMilliseconds: Math.max(1, dueAt - clock.now()) }
    },
  }
}

interface Teller {
  readonly context: EngineContext
  readonly ports: RulePorts
  readonly scope: Scope
}

/** What is left to do for a target after one try; undefined: nothing. */
async function tried(
  { context, ports, scope }: Teller,
  { event, heardAt }: PendingEvent,
  pending: PendingTarget,
): Promise<PendingTarget | undefined> {
  const { target, ruleName } = pending
  const message = inputFor(target, event, {
    ...{ ruleArn: ruleArn(scope, ruleName), ruleName, ingestionTime: isoTime(heardAt) },
  })
  const outcome = await caught(
    target.arn.split(':')[2] === 'sns'
      ? ports.topics.publish(target.arn, message)
      : ports.queues.send(target.arn, {
          body: message,
          attributes: {},
          group: target.group,
          deduplicationId: event.id,
        }),
  )
  if (outcome.kind === 'delivered') return undefined
  const now = context.clock.now()
  const attempts = pending.attempts + 1
  const delay = Math.min(firstDelayMilliseconds * 2 ** (attempts - 1), delayMillisecondsMax)
  const isYoung = now + delay - heardAt <= target.ageSecondsMax * 1000
  if (outcome.kind === 'failed' && attempts <= target.attemptsMax && isYoung) {
    return { ...pending, attempts, dueAt: now + delay }
  }
  const spent = isYoung ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds'
  const condition = outcome.kind === 'failed' ? spent : undefined
  return givenUp({ context, ports, scope }, event, {
    ...{ ...pending, attempts },
    ...{ reason: outcome.reason, condition },
  })
}

/** The event as it was goes to the target's dead letters, if it has some; else the log says that it is gone. */
async function givenUp(
  { context, ports, scope }: Teller,
  event: PendingEvent['event'],
  failed: PendingTarget & { readonly reason: string; readonly condition: string | undefined },
): Promise<PendingTarget | undefined> {
  const { reason, condition, ...pending } = failed
  const { target, ruleName, attempts } = pending
  const outcome: Delivered =
    target.deadLetterArn === undefined
      ? { kind: 'refused', reason }
      : await caught(
          ports.queues.send(target.deadLetterArn, {
            body: JSON.stringify(event),
            attributes: {
              RULE_ARN: { type: 'String', text: ruleArn(scope, ruleName) },
              TARGET_ARN: { type: 'String', text: target.arn },
              ERROR_CODE: { type: 'String', text: condition ? 'SDK_CLIENT_ERROR' : 'NO_RESOURCE' },
              ERROR_MESSAGE: { type: 'String', text: reason.slice(0, 500) },
              RETRY_ATTEMPTS: { type: 'Number', text: `${attempts - 1}` },
              ...(condition && { EXHAUSTED_RETRY_CONDITION: { type: 'String', text: condition } }),
            },
          }),
        )
  if (outcome.kind === 'delivered') return undefined
  if (outcome.kind === 'failed') {
    return { ...pending, dueAt: context.clock.now() + delayMillisecondsMax }
  }
  context.log.write('warn', 'an event did not reach a target of its rule', {
    ...{ rule: ruleName, targetArn: target.arn, eventId: event.id, reason: outcome.reason },
  })
  return undefined
}

async function caught(work: Promise<Delivered>): Promise<Delivered> {
  try {
    return await work
  } catch (thrown) {
    return { kind: 'failed', reason: reasonOf(thrown) }
  }
}
