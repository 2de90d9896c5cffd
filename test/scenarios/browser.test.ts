import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { chromium } from 'playwright-core'
import { startPlatform } from '../harness/platform.ts'
import { website } from '../harness/website.ts'

const browserProgram = '/usr/bin/chromium'
const skip = existsSync(browserProgram) ? false : 'no Chromium here (Debian: chromium)'

/** No look-ups and downloads of the browser's own: it may reach this machine alone. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

describe('the website in a browser', { skip }, () => {
  it('shows a person which instance in which zone served it, and meets all three', async () => {
    const platform = await startPlatform()
    const browser = await chromium.launch({ executablePath: browserProgram, args: quiet })
    try {
      await platform.evenkeel('launch', `${website}/template.yaml`, '--stack-name', 'shop')
      await platform.evenkeel(
        ...['deploy', `${website}/v1`, '--stack-name', 'shop'],
        ...['--config', 'CodeDeployDefault.AllAtOnce'],
      )
      const { sites } = JSON.parse(await platform.evenkeel('status', '--json')) as {
        sites: readonly { url: string }[]
      }
      const page = await browser.newPage()
      const zones = new Set<string>()
      for (let visit = 0; visit < 30 && zones.size < 3; visit++) {
        await page.goto(sites[0]?.url ?? '')
        assert.equal(await page.locator('h1').textContent(), 'It floats.')
        const [instance, zone] = await page.locator('dd').allTextContents()
        assert.match(instance ?? '', /^i-[0-9a-f]{17}$/)
        zones.add(zone ?? '')
      }
      assert.deepEqual([...zones].toSorted(), ['us-east-1a', 'us-east-1b', 'us-east-1c'])
    } finally {
      await browser.close()
      await platform.stop()
    }
  })
})
