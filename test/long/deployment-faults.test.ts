import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  canStrike,
  documentedEnd,
  eventsInPlace,
  realFaults,
  StruckSite,
} from '../harness/struck-deployments.ts'
import { lacksAws } from '../harness/platform.ts'

const skip = (await lacksAws()) || (process.getuid?.() !== 0 && 'fills disks, which only root can')

describe('a deployment in place under faults, every event and every fault', { skip }, () => {
  let site: StruckSite
  before(async () => {
    site = await StruckSite.start()
  })
  after(async () => {
    await site?.stop()
  })

  for (const fault of realFaults) {
    for (const event of eventsInPlace.filter((name) => canStrike(name, fault))) {
      it(`${fault} in ${event}: ${documentedEnd(fault)}`, async () => {
        assert.equal(await site.strike(event, fault), documentedEnd(fault))
      })
    }
  }
})
