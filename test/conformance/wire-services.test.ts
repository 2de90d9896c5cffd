import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { readCatalogue } from '../../src/wire/catalogue.ts'
import type { AcceptTree } from '../../src/wire/service.ts'
import type { Shape } from '../../src/wire/shape.ts'

const root = new URL('../../', import.meta.url).pathname
const catalogue = readCatalogue()
const modelIds = new Set(catalogue.heads.map(({ id }) => id))

/** `describe-instances` as the model has it, `DescribeInstances`; capitals inside a name are the model's own. */
function modelledName(id: string, file: string): string | undefined {
  const plain = file.replaceAll('-', '').toLowerCase()
  return catalogue.load(id).operationNames.find((name) => name.toLowerCase() === plain)
}

/** Paths of the tree that the shape does not have. */
function strangers(tree: AcceptTree, shape: Shape, path: string): string[] {
  if (shape.kind === 'list') return strangers(tree, shape.item.shape, path)
  if (shape.kind === 'map') {
    return Object.values(tree).flatMap((inner) =>
      typeof inner === 'object' ? strangers(inner, shape.value.shape, path) : [],
    )
  }
  if (shape.kind !== 'structure') return [path]
  return Object.entries(tree).flatMap(([name, inner]) => {
    const member = shape.byName.get(name)
    if (!member) return [`${path}.${name}`]
    return typeof inner === 'object' ? strangers(inner, member.shape, `${path}.${name}`) : []
  })
}

test('every operation of a service is modelled, and so is every member that it says it honours', async () => {
  const files = globSync('src/services/*/operations/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts'),
  )
  assert.ok(files.length > 0)
  const wrong: string[] = []
  for (const file of files) {
    const [, , id = '', , base = ''] = file.split('/')
    if (!modelIds.has(id)) continue
    const name = modelledName(id, base.slice(0, -'.ts'.length))
    if (name === undefined) {
      wrong.push(`${file} is no operation of ${id}`)
      continue
    }
    const exports = (await import(pathToFileURL(root + file).href)) as Record<string, unknown>
    for (const exported of Object.values(exports)) {
      const accepts = (exported as { accepts?: AcceptTree } | undefined)?.accepts
      if (accepts)
        wrong.push(
          ...strangers(accepts, catalogue.load(id).operation(name)!.input, `${id}.${name}`),
        )
    }
  }
  assert.deepEqual(wrong, [])
})
