import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOfSeed } from '../testing/site-simulation/failure-of-seed.ts'
import { plantedBugs } from '../testing/site-simulation/bugs-to-find.ts'

test('a site heals from whatever happens to it, and no healthy instance is ended for it', async () => {
  for (let seed = 1; seed <= 5; seed++) assert.equal(await failureOfSeed(seed), undefined)
})

for (const [name, bug] of Object.entries(plantedBugs)) {
  test(`the simulation finds a planted bug: ${name}`, async () => {
    for (let seed = 1; seed <= 60; seed++) if (await failureOfSeed(seed, bug)) return
    assert.fail('not found in sixty seeds')
  })
}
