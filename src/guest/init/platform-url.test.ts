import assert from 'node:assert/strict'
import { test } from 'node:test'
import { platformUrl } from './platform-url.ts'

const endpoint = 'http://169.254.169.254:4566'

test('every form of an address of S3 means the endpoint', () => {
  for (const url of [
    'https://s3.amazonaws.com/files/site.zip',
    'https://s3-eu-west-1.amazonaws.com/files/site.zip',
    'https://s3.eu-west-1.amazonaws.com/files/site.zip',
    'https://files.s3.amazonaws.com/site.zip',
    'https://files.s3.us-east-1.amazonaws.com/site.zip',
    's3://files/site.zip',
  ]) {
    assert.deepEqual(platformUrl(url, endpoint), { url: `${endpoint}/files/site.zip`, isS3: true })
  }
})

test('every other address stays what it is', () => {
  const url = 'https://example.com/a.tgz?x=1'
  assert.deepEqual(platformUrl(url, endpoint), { url, isS3: false })
})
