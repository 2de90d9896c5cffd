import type { Scope } from '../kernel/scope.ts'
import type { Records, StoredRecord } from '../store/records.ts'
import {
  stackEvents,
  stackNames,
  stackResources,
  stacks,
  templateBodies,
  type ResourceRecord,
  type StackEvent,
  type StackRecord,
} from './stack-records.ts'

/** A stack by its name, or by its ARN, which also finds deleted ones. */
export async function findStack(
  records: Records,
  scope: Scope,
  nameOrId: string,
): Promise<StoredRecord<StackRecord> | undefined> {
  const uuid = nameOrId.startsWith('arn:')
    ? nameOrId.split('/').at(-1)
    : (await records.find(stackNames, scope, nameOrId))?.value.uuid
  const found = uuid ? await records.find(stacks, scope, uuid) : undefined
  if (nameOrId.startsWith('arn:') && found?.value.stackId !== nameOrId) return undefined
  return found
}

/** Oldest first. */
export async function eventsOf(
  records: Records,
  scope: Scope,
  uuid: string,
): Promise<readonly StackEvent[]> {
  const found = await records.list(stackEvents, scope, { owner: uuid })
  return found.map(({ value }) => value)
}

export async function resourcesOf(
  records: Records,
  scope: Scope,
  uuid: string,
): Promise<readonly ResourceRecord[]> {
  const found = await records.list(stackResources, scope, { owner: uuid })
  return found.map(({ value }) => value)
}

export async function templateBody(
  records: Records,
  scope: Scope,
  templateId: string,
): Promise<string | undefined> {
  return (await records.find(templateBodies, scope, templateId))?.value.body
}
