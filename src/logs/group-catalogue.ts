import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists } from '../store/records.ts'
import {
  inGroup,
  logGroups,
  logStreams,
  remains,
  type LogGroup,
  type LogStream,
} from './log-group.ts'
import { alreadyExists, invalid, LogRefusal, notFound, protectedGroup, unfit } from './refusal.ts'

export interface GroupWish {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly retentionDays?: number
  readonly isProtected?: boolean
  readonly token?: string
}

/** AWS's bound of tags of one resource. */
const tagsMax = 50
const retentionValues: readonly number[] = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
]

/** Groups and their streams. Refusals are thrown as `LogRefusal`. */
export class GroupCatalogue {
  readonly #context: EngineContext

  constructor(context: EngineContext) {
    this.#context = context
  }

  async find(scope: Scope, name: string): Promise<LogGroup | undefined> {
    return (await this.#context.store.find(logGroups, scope, name))?.value
  }

  async require(scope: Scope, name: string): Promise<LogGroup> {
    const group = await this.find(scope, name)
    if (!group) throw notFound('group')
    return group
  }

  async list(scope: Scope, prefix = ''): Promise<readonly LogGroup[]> {
    const found = await this.#context.store.list(logGroups, scope, { idPrefix: prefix })
    return found.map(({ value }) => value)
  }

  async create(scope: Scope, wish: GroupWish): Promise<LogGroup> {
    const { name, tags = {}, retentionDays, isProtected, token } = wish
    checkTags(tags)
    const { random, clock, store } = this.#context
    const group: LogGroup = {
      name,
      id: uuid(random),
      createdAt: clock.now(),
      ...(retentionDays === undefined ? {} : { retentionDays }),
      tags,
      ...(isProtected ? { isProtected } : {}),
      ...(token === undefined ? {} : { token }),
    }
    try {
      await store.insert(logGroups, { scope, id: name }, group)
    } catch (thrown) {
      throw thrown instanceof RecordExists ? alreadyExists('group') : thrown
    }
    return group
  }

  /** What belongs to it can no longer be found, and is removed bit by bit. */
  async remove(scope: Scope, name: string): Promise<void> {
    const { store, clock } = this.#context
    await store.transaction(async (records) => {
      const group = await records.find(logGroups, scope, name)
      if (!group) throw notFound('group')
      if (group.value.isProtected) throw protectedGroup(name)
      await records.remove(group)
      const { id } = group.value
      await records.insert(remains, { scope, id }, { of: { group: id }, deletedAt: clock.now() })
    })
  }

  async change(scope: Scope, name: string, change: (group: LogGroup) => LogGroup): Promise<void> {
    const at = { kind: logGroups, scope, id: name }
    const changed = await modify(this.#context.store, at, (group) => {
      const next = change(group)
      checkTags(next.tags)
      return next
    })
    if (!changed) throw notFound('group')
  }

  /** `undefined` keeps events for ever. */
  setRetention(scope: Scope, name: string, retentionDays: number | undefined): Promise<void> {
    return this.change(scope, name, ({ retentionDays: _before, ...group }) =>
      retentionDays === undefined ? group : { ...group, retentionDays },
    )
  }

  async findStream(scope: Scope, group: LogGroup, name: string): Promise<LogStream | undefined> {
    const id = inGroup(group.id, name)
    return (await this.#context.store.find(logStreams, scope, id))?.value
  }

  async requireStream(scope: Scope, group: LogGroup, name: string): Promise<LogStream> {
    const stream = await this.findStream(scope, group, name)
    if (!stream) throw notFound('stream')
    return stream
  }

  /** By name. */
  async listStreams(
    scope: Scope,
    group: LogGroup,
    filter: { readonly prefix?: string; readonly after?: string; readonly itemsMax?: number } = {},
  ): Promise<readonly LogStream[]> {
    const { prefix = '', after, itemsMax } = filter
    const found = await this.#context.store.list(logStreams, scope, {
      owner: group.id,
      idPrefix: inGroup(group.id, prefix),
      ...(after === undefined ? {} : { idAfter: inGroup(group.id, after) }),
      ...(itemsMax === undefined ? {} : { itemsMax }),
    })
    return found.map(({ value }) => value)
  }

  async createStream(
    scope: Scope,
    groupName: string,
    wish: { readonly name: string; readonly token?: string },
  ): Promise<LogStream> {
    const { store, random, clock } = this.#context
    const stream: LogStream = { ...wish, id: uuid(random), createdAt: clock.now() }
    try {
      await store.transaction(async (records) => {
        const group = await records.find(logGroups, scope, groupName)
        if (!group) throw notFound('group')
        const owner = group.value.id
        await records.insert(logStreams, { scope, id: inGroup(owner, wish.name), owner }, stream)
      })
    } catch (thrown) {
      throw thrown instanceof RecordExists ? alreadyExists('stream') : thrown
    }
    return stream
  }

  async removeStream(scope: Scope, groupName: string, name: string): Promise<void> {
    const { store, clock } = this.#context
    await store.transaction(async (records) => {
      const group = await records.find(logGroups, scope, groupName)
      if (!group) throw notFound('group')
      if (group.value.isProtected) throw protectedGroup(groupName)
      const stream = await records.find(logStreams, scope, inGroup(group.value.id, name))
      if (!stream) throw notFound('stream')
      await records.remove(stream)
      const { id } = stream.value
      await records.insert(remains, { scope, id }, { of: { stream: id }, deletedAt: clock.now() })
    })
  }
}

/** Throws for a name that AWS would not take. */
export function checkGroupName(name: string, member = 'logGroupName'): void {
  checkLength(name, member)
  if (!/^[.\-_/#A-Za-z0-9]+$/.test(name)) {
    throw unfit(
      member,
      name,
      'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
    )
  }
}

export function checkStreamName(name: string, member = 'logStreamName'): void {
  checkLength(name, member)
  if (/[:*]/.test(name)) {
    throw unfit(member, name, 'Member must satisfy regular expression pattern: [^:*]*')
  }
}

export function checkRetention(days: number): void {
  if (!retentionValues.includes(days)) {
    const set = retentionValues.toSorted((a, b) => a - b).join(', ')
    throw unfit('retentionInDays', days, `Member must satisfy enum value set: [${set}]`)
  }
}

function checkLength(name: string, member: string): void {
  if (name.length < 1) {
    throw unfit(member, name, 'Member must have length greater than or equal to 1')
  }
  if (name.length > 512) {
    throw unfit(member, name, 'Member must have length less than or equal to 512')
  }
}

function checkTags(tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128 || value.length > 256) {
      throw invalid(`The tag ${key} is not valid.`)
    }
  }
  const own = Object.keys(tags).filter((key) => !key.startsWith('aws:'))
  if (own.length > tagsMax) {
    throw new LogRefusal(
      'TooManyTagsException',
      `The resource can have no more than ${tagsMax} tags.`,
    )
  }
}
