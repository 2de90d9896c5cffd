import assert from 'node:assert/strict'
import { test } from 'node:test'
import { templateLocation } from './template-location.ts'

const here = 'box.example:4566'
const at = { bucket: 'b', key: 'dir/t.yaml' }

const cases: readonly (readonly [string, object | undefined])[] = [
  ['http://127.0.0.1:4566/b/dir/t.yaml', at],
  ['http://localhost:4566/b/dir/t.yaml', at],
  ['http://box.example:4566/b/dir/t.yaml', at],
  ['https://s3.amazonaws.com/b/dir/t.yaml', at],
  ['https://s3.eu-west-1.amazonaws.com/b/dir/t.yaml', at],
  ['https://s3-eu-west-1.amazonaws.com/b/dir/t.yaml', at],
  ['https://b.s3.amazonaws.com/dir/t.yaml', at],
  ['https://b.s3.us-east-1.amazonaws.com/dir/t.yaml', at],
  ['http://b.localhost:4566/dir/t.yaml', at],
  ['https://b.s3.amazonaws.com/dir/t%2Eyaml?versionId=v1', { ...at, versionId: 'v1' }],
  ['https://evil.example/b/dir/t.yaml', undefined],
  ['https://s3.amazonaws.com.evil.example/b/t.yaml', undefined],
  ['file:///etc/passwd', undefined],
  ['http://127.0.0.1:4566/b', undefined],
  ['not a url', undefined],
]

for (const [url, expected] of cases) {
  test(`a template at ${url}`, () => assert.deepEqual(templateLocation(url, here), expected))
}
