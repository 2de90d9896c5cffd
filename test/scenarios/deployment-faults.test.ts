import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { documentedEnd, StruckSite } from '../harness/struck-deployments.ts'
import { lacksAws } from '../harness/platform.ts'

/** A sample; all events and faults are in `test/long`. */
const sample = [
  ['AfterInstall', 'agent killed'],
  ['DownloadBundle', 'bundle corrupt'],
] as const

describe('a deployment in place under faults', { skip: await lacksAws() }, () => {
  let site: StruckSite
  before(async () => {
    site = await StruckSite.start()
  })
  after(async () => {
    await site?.stop()
  })

  for (const [event, fault] of sample) {
    it(`${fault} in ${event}: ${documentedEnd(fault)}`, async () => {
      assert.equal(await site.strike(event, fault), documentedEnd(fault))
    })
  }
})
