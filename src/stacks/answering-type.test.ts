import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AwsError } from '../kernel/errors.ts'
import { answeringType } from './answering-type.ts'
import type { ResourceContext, ResourceType } from './resource-type.ts'

const context = {} as ResourceContext
const resource = { physicalId: 'thing', properties: {} }

const broken: ResourceType = {
  name: 'Fake::Thing',
  properties: {},
  required: [],
  attributes: [],
  replaceOn: [],
  create: () => Promise.reject(new Error('create')),
  update: () => Promise.reject(new Error('update')),
  read: () => Promise.reject(new Error('read')),
  remove: () => Promise.reject(new Error('remove')),
}

const asAwsError = (thrown: unknown): unknown => new AwsError('Told', (thrown as Error).message)

test('every call of a type tells what it throws as its service does', async () => {
  const type = answeringType(broken, asAwsError)
  const change = { ...resource, before: {}, after: {} }
  const calls = {
    create: type.create({}, context),
    update: type.update?.(change, context),
    read: type.read?.(resource, context),
    remove: type.remove(resource, context),
  }
  for (const [name, call] of Object.entries(calls)) {
    await assert.rejects(Promise.resolve(call), { code: 'Told', message: name })
  }
})

test('what a type cannot do it cannot do after it either', () => {
  const { update: _update, read: _read, ...fixed } = broken
  const type = answeringType(fixed, asAwsError)
  assert.deepEqual([type.update, type.read], [undefined, undefined])
})
