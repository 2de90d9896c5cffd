import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readUploadForm } from './form-parts.ts'

const type = 'multipart/form-data; boundary=edge'

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function part(name: string, value: string | Buffer, more = ''): Buffer {
  const head = `--edge\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')])
}

const end = Buffer.from('--edge--\r\n')

async function read(body: Buffer, size = body.length) {
  const form = await readUploadForm(inPieces(body, size), type)
  const pieces: Uint8Array[] = []
  for await (const bytes of form.file) pieces.push(bytes)
  return { ...form, content: Buffer.concat(pieces) }
}

test('fields and the file come through, however the bytes arrive and whatever they look like', async () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter((each) => !each.includes('--edge'))
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 1, max: 60 }),
      async (value, bytes, size) => {
        const file = Buffer.concat([Buffer.from(bytes), Buffer.from('\r\n--edg\r\n--')])
        const body = Buffer.concat([part('Key', value), part('file', file), part('late', 'x'), end])
        const { fields, content } = await read(body, size)
        assert.equal(fields.get('key'), Buffer.from(value).toString())
        assert.deepEqual([fields.size, content], [1, file])
      },
    ),
  )
})

test("a file's name comes without its folders", async () => {
  const names = ['a.txt', 'C:\\dir\\a.txt', '/dir/a.txt']
  for (const name of names) {
    const { fileName } = await read(Buffer.concat([part('file', '', `; filename="${name}"`), end]))
    assert.equal(fileName, 'a.txt')
  }
})

test('what is no form, or has no file, or too much before it, is refused', async () => {
  const cases: readonly (readonly [Buffer, string])[] = [
    [Buffer.from('nothing'), 'MalformedPOSTRequest'],
    [part('key', 'k'), 'MalformedPOSTRequest'],
    [Buffer.concat([part('key', 'k'), end]), 'InvalidArgument'],
    [Buffer.concat([part('key', 'k'.repeat(30_000)), end]), 'MaxPostPreDataLengthExceeded'],
    [part('file', 'cut off').subarray(0, -4), 'IncompleteBody'],
  ]
  for (const [body, code] of cases) await assert.rejects(read(body), { code })
  await assert.rejects(readUploadForm(inPieces(end, 1), 'multipart/form-data'), {
    code: 'MalformedPOSTRequest',
  })
})
