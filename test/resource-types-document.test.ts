import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { documentPath, everyType, resourceTypesDocument } from '../tools/resource-types.ts'

test('docs/resource-types.md is what the resource types say; write it with node tools/resource-types.ts', () => {
  assert.equal(readFileSync(documentPath, 'utf8'), resourceTypesDocument(everyType()))
})
