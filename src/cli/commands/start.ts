import { openAdmin, RefusedCall, type Admin } from '../admin.ts'
import type { Command } from '../command.ts'
import { followDeployment } from '../deployment-view.ts'
import { seconds, terminalScreen, type Screen } from '../screen.ts'
import { upFlags } from '../server-process.ts'
import { destinationOf, shipRevision } from './deploy.ts'
import { launchStack } from './launch.ts'
import { readFileSync } from 'node:fs'
import { readStatus } from './status.ts'
import { startPlatform, stayWith } from './up.ts'

const example = new URL('../../../examples/website/', import.meta.url).pathname
const stackName = 'website'

/** The main job: the platform, the example website in three zones, and a live status. */
export const start: Command = {
  name: 'start',
  summary: 'the platform and the example website in three zones; prints its URLs and stays',
  usage: '[FLAGS of up]',
  flags: upFlags,
  async run(call) {
    const begun = Date.now()
    const platform = await startPlatform(call)
    const screen = terminalScreen()
    const admin = openAdmin(call)
    const isServing = await ensureWebsite(admin, screen)
    const site = (await readStatus(admin)).sites[0]
    screen.line('')
    screen.line(
      isServing
        ? `The website is up after ${seconds(Date.now() - begun)}:`
        : 'The platform is up; the website is not, its deployment failed (see above):',
    )
    screen.line(`  http://127.0.0.1:${platform.sitePort}/`)
    if (site) screen.line(`  ${site.url}`)
    screen.line(`Deploy the next revision:  npm run -s evenkeel -- deploy examples/website/v2`)
    if (call.switched('detach')) {
      platform.child.unref()
      return isServing ? 0 : 1
    }
    const ended = stayWith(platform.child)
    void showLive(admin, screen, ended)
    return ended
  },
}

/** Makes the stack and deploys v1 where they are not there yet; an earlier run's are kept. False when the deployment failed. */
async function ensureWebsite(admin: Admin, screen: Screen): Promise<boolean> {
  if (!(await stackExists(admin))) {
    const template = readFileSync(`${example}template.yaml`, 'utf8')
    await launchStack(admin, { name: stackName, template, parameters: [] }, screen)
  }
  const destination = await destinationOf(admin, {
    stackName,
    application: undefined,
    group: undefined,
    bucket: undefined,
  })
  const { deployments = [] } = await admin.call<{ deployments?: readonly string[] }>(
    'codedeploy',
    'ListDeployments',
    {
      applicationName: destination.application,
      deploymentGroupName: destination.group,
      includeOnlyStatuses: ['Succeeded'],
    },
  )
  if (deployments.length > 0) return true
  const deploymentId = await shipRevision(admin, {
    folder: `${example}v1`,
    destination,
    config: 'CodeDeployDefault.AllAtOnce',
  })
  return followDeployment(admin, deploymentId, screen)
}

async function stackExists(admin: Admin): Promise<boolean> {
  try {
    await admin.call('cloudformation', 'DescribeStacks', { StackName: stackName })
    return true
  } catch (thrown) {
    if (thrown instanceof RefusedCall && thrown.code === 'ValidationError') return false
    throw thrown
  }
}

/** One line that follows the site's targets until the server ends. */
async function showLive(admin: Admin, screen: Screen, ended: Promise<number>): Promise<void> {
  let over = false
  void ended.then(() => (over = true))
  while (!over) {
    try {
      const { sites } = await readStatus(admin)
      const targets = sites.flatMap((site) => site.targets)
      screen.status(
        targets.map((target) => `${target.zone} ${target.id} ${target.state}`).join(' | '),
      )
    } catch {
      screen.status('the server does not answer')
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  screen.clear()
}
