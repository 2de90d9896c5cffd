import { openAdmin, RefusedCall, type Admin } from '../admin.ts'
import type { Command } from '../command.ts'
import { followDeployment } from '../deployment-view.ts'
import { seconds, terminalScreen, type Screen } from '../screen.ts'
import { upFlags } from '../server-process.ts'
import { destinationOf, shipRevision } from './deploy.ts'
import { followCreation, launchStack } from './launch.ts'
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

/**
 * Makes the stack and deploys v1 where they are not there yet; an earlier run's are kept, and followed to their end where it left them under
 * way. False when the deployment failed.
 */
async function ensureWebsite(admin: Admin, screen: Screen): Promise<boolean> {
  const stack = await findStack(admin)
  if (!stack) {
    const template = readFileSync(`${example}template.yaml`, 'utf8')
    await launchStack(admin, { name: stackName, template, parameters: [] }, screen)
  } else if (/^(CREATE_(?!COMPLETE)|ROLLBACK_)/.test(stack.StackStatus)) {
    await followCreation(admin, { name: stackName, stackId: stack.StackId }, screen)
  }
  const destination = await destinationOf(admin, {
    stackName,
    application: undefined,
    group: undefined,
    bucket: undefined,
  })
  if ((await deploymentsOf(admin, destination, ['Succeeded'])).length > 0) return true
  const [underWay] = await deploymentsOf(admin, destination, unfinished)
  const deploymentId =
    underWay ??
    (await shipRevision(admin, {
      folder: `${example}v1`,
      destination,
      config: 'CodeDeployDefault.AllAtOnce',
    }))
  return followDeployment(admin, deploymentId, screen)
}

const unfinished = ['Created', 'Queued', 'InProgress', 'Ready']

async function deploymentsOf(
  admin: Admin,
  { application, group }: { application: string; group: string },
  includeOnlyStatuses: readonly string[],
): Promise<readonly string[]> {
  const answer = await admin.call<{ deployments?: readonly string[] }>(
    'codedeploy',
    'ListDeployments',
    { applicationName: application, deploymentGroupName: group, includeOnlyStatuses },
  )
  return answer.deployments ?? []
}

interface FoundStack {
  readonly StackId: string
  readonly StackStatus: string
}

async function findStack(admin: Admin): Promise<FoundStack | undefined> {
  try {
    const { Stacks } = await admin.call<{ Stacks?: readonly FoundStack[] }>(
      'cloudformation',
      'DescribeStacks',
      { StackName: stackName },
    )
    return Stacks?.[0]
  } catch (thrown) {
    if (thrown instanceof RefusedCall && thrown.code === 'ValidationError') return undefined
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
