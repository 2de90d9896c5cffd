import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOfSeed } from '../../src/testing/site-simulation/failure-of-seed.ts'

test('a site heals from whatever a thousand seeds do to it', async () => {
  for (let seed = 1; seed <= 1000; seed++) assert.equal(await failureOfSeed(seed), undefined)
})
