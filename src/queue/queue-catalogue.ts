import type { Scope } from '../kernel/scope.ts'
import { parseArn } from '../kernel/arn.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists, type StoredRecord } from '../store/records.ts'
import {
  faultOf,
  mergedAttributes,
  fifoDefaults,
  usualValue,
  type AttributeFault,
} from './domain/queue-settings.ts'
import { holdName, isNameHeld } from './deleted-names.ts'
import { mayRedrive } from './domain/redrive.ts'
import { queueArn, queueOf, queueRecords, type Queue, type QueueRecord } from './queue.ts'
import { invalidParameter, invalidValue, queueDoesNotExist, QueueRefusal } from './refusal.ts'

/** A queue that another server changed is known here after this, at the latest. AWS: up to 60 seconds. */
const rememberedMilliseconds = 1_000
/** Of one process; beyond it all are read anew. */
const rememberedMax = 10_000

export interface QueueWish {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** Of the stack resource that makes it, which may take a name at once that was its own before. */
  readonly token?: string
}

/** Queues by name. Reads are remembered for a moment, for a message must not cost a read of its queue. */
export class QueueCatalogue {
  readonly #context: EngineContext
  readonly #remembered = new Map<string, { queue: Promise<Queue | undefined>; at: number }>()
  readonly #unwatch: () => void

  constructor(context: EngineContext) {
    this.#context = context
    this.#unwatch = context.store.watch(queueRecords, (changes) => {
      for (const { scope, id } of changes) this.#remembered.delete(queueArn(scope, id))
    })
  }

  close(): void {
    this.#unwatch()
  }

  find(scope: Scope, name: string): Promise<Queue | undefined> {
    const arn = queueArn(scope, name)
    const now = this.#context.clock.now()
    const known = this.#remembered.get(arn)
    if (known && now - known.at < rememberedMilliseconds) return known.queue
    if (this.#remembered.size >= rememberedMax) this.#remembered.clear()
    const queue = this.#read(scope, name)
    const entry = { queue, at: now }
    this.#remembered.set(arn, entry)
    const forget = (): void => {
      if (this.#remembered.get(arn) === entry) this.#remembered.delete(arn)
    }
    queue.then((found) => found ?? forget(), forget)
    return queue
  }

  /** Throws `QueueDoesNotExist`. */
  async require(scope: Scope, name: string): Promise<Queue> {
    const queue = await this.find(scope, name)
    if (!queue) throw queueDoesNotExist()
    return queue
  }

  async byArn(arn: string): Promise<Queue | undefined> {
    const parts = parseArn(arn)
    if (parts?.service !== 'sqs') return undefined
    return this.find({ account: parts.account, region: parts.region }, parts.resource)
  }

  async list(scope: Scope, prefix = ''): Promise<readonly Queue[]> {
    const records = await this.#context.store.list(queueRecords, scope, { idPrefix: prefix })
    return records.map(({ value }) => queueOf(scope, value))
  }

  async all(): Promise<readonly Queue[]> {
    const records = await this.#context.store.listAll(queueRecords)
    return records.map((record) => queueOf(record.scope, record.value))
  }

  /** The queues whose dead letters come here. */
  async sourcesOf(queue: Queue): Promise<readonly Queue[]> {
    const all = await this.list(queue.scope)
    return all.filter(({ settings }) => settings.redrive?.deadLetterTargetArn === queue.arn)
  }

  /** The queue of that name, when it has each attribute that is wished for; else it is made. */
  async create(scope: Scope, wish: QueueWish): Promise<Queue> {
    const { name, attributes, tags, token } = wish
    const isFifo = name.endsWith('.fifo')
    checkName(name)
    if (isFifo !== (attributes['FifoQueue'] === 'true')) {
      throw invalidParameter(
        isFifo
          ? 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length'
          : 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
      )
    }
    refuseFault(faultOf(attributes, { isFifo, isNew: true }), attributes)
    const kept = mergedAttributes({}, attributes)
    await this.#checkTogether(scope, name, kept)
    if (token === undefined) await this.#refuseHeldName(scope, name)
    const now = this.#context.clock.now()
    const record: QueueRecord = {
      name,
      key: Number.parseInt(this.#context.random.hex(6), 16),
      createdAt: now,
      modifiedAt: now,
      attributes: kept,
      tags,
      ...(token === undefined ? {} : { token }),
    }
    try {
      await this.#context.store.insert(queueRecords, { scope, id: name }, record)
      return queueOf(scope, record)
    } catch (thrown) {
      if (!(thrown instanceof RecordExists)) throw thrown
    }
    const existing = await this.#read(scope, name)
    if (!existing) return this.create(scope, wish)
    return asWished(existing, wish)
  }

  async setAttributes(queue: Queue, given: Readonly<Record<string, string>>): Promise<void> {
    const { isFifo } = queue.settings
    refuseFault(faultOf(given, { isFifo, isNew: false }), given)
    const merged = mergedAttributes(queue.attributes, given)
    await this.#checkTogether(queue.scope, queue.name, merged)
    await this.change(queue, (record) => ({
      ...record,
      attributes: mergedAttributes(record.attributes, given),
    }))
  }

  /** Throws `QueueDoesNotExist` when it went, or is another queue by now. */
  async change(queue: Queue, change: (record: QueueRecord) => QueueRecord): Promise<void> {
    const { scope, name, key } = queue
    const modifiedAt = this.#context.clock.now()
    const at = { kind: queueRecords, scope, id: name }
    const found = await modify(this.#context.store, at, (record) => {
      if (record.key !== key) throw queueDoesNotExist()
      return { ...change(record), modifiedAt }
    })
    this.#remembered.delete(queue.arn)
    if (!found) throw queueDoesNotExist()
  }

  /** Its messages go with the next sweep. */
  async remove(queue: Queue): Promise<void> {
    const { store, clock } = this.#context
    const { scope, name } = queue
    await store.transaction(async (records) => {
      const record: StoredRecord<QueueRecord> | undefined = await records.find(
        queueRecords,
        scope,
        name,
      )
      if (record?.value.key !== queue.key) return
      await records.remove(record)
      await holdName(records, { scope, name, now: clock.now() })
    })
    this.#remembered.delete(queue.arn)
  }

  async #refuseHeldName(scope: Scope, name: string): Promise<void> {
    const isFree = !(await isNameHeld(this.#context, scope, name))
    if (isFree || (await this.#read(scope, name))) return
    throw new QueueRefusal(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    )
  }

  async #read(scope: Scope, name: string): Promise<Queue | undefined> {
    const record = await this.#context.store.find(queueRecords, scope, name)
    return record && queueOf(scope, record.value)
  }

  async #checkTogether(
    scope: Scope,
    name: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<void> {
    const isFast = attributes['FifoThroughputLimit'] === 'perMessageGroupId'
    if (isFast && attributes['DeduplicationScope'] !== 'messageGroup') {
      throw new QueueRefusal(
        'InvalidAttributeValue',
        'FifoThroughputLimit perMessageGroupId needs DeduplicationScope messageGroup.',
      )
    }
    const policy = attributes['RedrivePolicy']
    if (policy === undefined) return
    const { settings, arn } = queueOf(scope, { name, attributes } as QueueRecord)
    const reason = await this.#whyNoRedrive(settings, arn)
    if (reason) throw invalidValue('RedrivePolicy', policy, reason)
  }

  async #whyNoRedrive(settings: Queue['settings'], arn: string): Promise<string | undefined> {
    const targetArn = settings.redrive?.deadLetterTargetArn ?? ''
    const [target, own] = [parseArn(targetArn), parseArn(arn)]
    if (target?.account !== own?.account || target?.region !== own?.region) {
      return 'Dead letter target must be in the same account and region.'
    }
    const found = await this.byArn(targetArn)
    if (!found) return 'Dead letter target does not exist.'
    if (found.settings.isFifo !== settings.isFifo) {
      return 'Dead-letter queue must be same type of queue as the source.'
    }
    return mayRedrive(found.settings.redriveAllow, arn)
      ? undefined
      : 'The dead letter target does not allow this source queue.'
  }
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(name)) return
  if (/^[A-Za-z0-9_-]{1,75}\.fifo$/.test(name)) return
  throw invalidParameter(
    'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  )
}

function refuseFault(
  fault: AttributeFault | undefined,
  given: Readonly<Record<string, string>>,
): void {
  if (fault?.kind === 'name') {
    throw new QueueRefusal('InvalidAttributeName', `Unknown Attribute ${fault.name}.`)
  }
  if (!fault) return
  if (fault.kind === 'parameter') throw invalidValue(fault.name, given[fault.name], fault.reason)
  const reason = fault.reason === undefined ? '' : ` Reason: ${fault.reason}`
  throw new QueueRefusal(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${fault.name}.${reason || ` (${given[fault.name]})`}`,
  )
}

function asWished(existing: Queue, { attributes, token }: QueueWish): Queue {
  const isOurs = token === undefined || existing.token === token
  const other = Object.entries(mergedAttributes({}, attributes)).find(
    ([name, value]) =>
      (existing.attributes[name] ?? usualValue(name) ?? fifoDefaults[name]) !== value,
  )
  if (isOurs && (token !== undefined || !other)) return existing
  const attribute = other?.[0] ?? 'QueueName'
  throw new QueueRefusal(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  )
}
