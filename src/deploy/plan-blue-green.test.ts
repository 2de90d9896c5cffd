import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BlueGreenCourse } from './blue-green.ts'
import type { DeploymentTarget, TargetStatus } from './deployment-target.ts'
import { planBlueGreen, type BlueGreenPlan } from './plan-blue-green.ts'

const course: BlueGreenCourse = {
  greenFleet: 'DISCOVER_EXISTING',
  readyAction: 'CONTINUE_DEPLOYMENT',
  readyWaitMinutes: 0,
  blueAction: 'TERMINATE',
  terminationWaitMinutes: 0,
  phase: 'install',
  phaseSince: 0,
  continued: [],
  green: { ec2TagFilters: [], ec2TagSet: [], autoScalingGroups: [] },
}
const waits = { readyAction: 'STOP_DEPLOYMENT', readyWaitMinutes: 5 } as const
const oneAtATime = { minimumHealthyHosts: { type: 'MOST_CONCURRENCY', value: 1 } } as const

/** `g1 Ready, b1 Pending`: greens and blues with their statuses. */
function fleet(text: string): DeploymentTarget[] {
  return text.split(', ').map((part): DeploymentTarget => {
    const [targetId = '', status = ''] = part.split(' ')
    return {
      deploymentId: 'd-1',
      targetId,
      targetArn: '',
      label: targetId.startsWith('g') ? 'Green' : 'Blue',
      status: status as TargetStatus,
      wasHealthy: true,
      revisionAge: 'unknown',
      lastUpdatedAt: 0,
      events: [],
    }
  })
}

function words(plan: BlueGreenPlan): string {
  if (plan.end) {
    const code = plan.end.status !== 'Succeeded' && plan.end.error ? ` ${plan.end.error.code}` : ''
    return `${plan.terminates ? 'terminate blue, ' : ''}end ${plan.end.status}${code}`
  }
  if (plan.phase) return `then ${plan.phase}`
  return plan.start.length > 0 ? `start ${plan.start.join(' ')}` : 'wait'
}

/** Course, fleet, minutes since the phase began, whether it is being stopped → what is done. */
const table: readonly (readonly [
  Partial<BlueGreenCourse>,
  string,
  string,
  { readonly minutes?: number; readonly stopping?: true }?,
])[] = [
  [{}, 'g1 Pending, g2 Pending, b1 Pending, b2 Pending', 'start g1'],
  [{}, 'g1 InProgress, g2 Pending, b1 Pending', 'wait'],
  [{}, 'g1 Ready, g2 Pending, b1 Pending', 'start g2'],
  [{}, 'g1 Ready, g2 Ready, b1 Pending', 'then reroute'],
  [waits, 'g1 Ready, g2 Ready, b1 Pending', 'then ready'],
  [{}, 'g1 Failed, g2 Pending, b1 Pending', 'end Failed HEALTH_CONSTRAINTS'],
  [{}, 'g1 Ready, g2 Failed, b1 Pending', 'then reroute'],
  [{}, 'g1 Failed, b1 Pending', 'end Failed HEALTH_CONSTRAINTS'],
  [{}, 'g1 InProgress, g2 Pending, b1 Pending', 'wait', { stopping: true }],
  [{}, 'g1 Ready, g2 Pending, b1 Pending', 'end Stopped', { stopping: true }],
  [{ ...waits, phase: 'ready' }, 'g1 Ready, b1 Pending', 'wait', { minutes: 4 }],
  [{ ...waits, phase: 'ready' }, 'g1 Ready, b1 Pending', 'end Stopped TIMEOUT', { minutes: 5 }],
  [{ ...waits, phase: 'ready' }, 'g1 Ready, b1 Pending', 'end Stopped', { stopping: true }],
  [{ ...waits, phase: 'ready', continued: ['READY_WAIT'] }, 'g1 Ready, b1 Pending', 'then reroute'],
  [{ phase: 'reroute' }, 'g1 Ready, g2 Ready, b1 Pending', 'start g1'],
  [{ phase: 'reroute' }, 'g1 Succeeded, g2 Ready, b1 Pending', 'start g2'],
  [{ phase: 'reroute' }, 'g1 Succeeded, g2 InProgress, b1 Pending', 'wait'],
  [{ phase: 'reroute' }, 'g1 Succeeded, g2 Succeeded, b1 Pending', 'then block'],
  [{ phase: 'reroute' }, 'g1 Failed, g2 Ready, b1 Pending', 'end Failed HEALTH_CONSTRAINTS'],
  [{ phase: 'reroute' }, 'g1 Succeeded, g2 Ready, b1 Pending', 'end Stopped', { stopping: true }],
  [{ phase: 'block' }, 'g1 Succeeded, b1 Pending, b2 Pending', 'start b1 b2'],
  [{ phase: 'block' }, 'g1 Succeeded, b1 InProgress, b2 Succeeded', 'wait'],
  [{ phase: 'block' }, 'g1 Succeeded, b1 Failed, b2 InProgress', 'wait'],
  [{ phase: 'block' }, 'g1 Succeeded, b1 Failed, b2 Succeeded', 'end Failed HEALTH_CONSTRAINTS'],
  [{ phase: 'block' }, 'g1 Succeeded, b1 Succeeded, b2 Skipped', 'then terminationWait'],
  [{ phase: 'block', blueAction: 'KEEP_ALIVE' }, 'g1 Succeeded, b1 Succeeded', 'end Succeeded'],
  [{ phase: 'block' }, 'g1 Succeeded', 'then terminationWait'],
  [
    { phase: 'terminationWait', terminationWaitMinutes: 2 },
    'g1 Succeeded, b1 Succeeded',
    'wait',
    { minutes: 1 },
  ],
  [
    { phase: 'terminationWait', terminationWaitMinutes: 2 },
    'g1 Succeeded, b1 Succeeded',
    'then terminate',
    { minutes: 2 },
  ],
  [
    { phase: 'terminationWait', terminationWaitMinutes: 2, continued: ['TERMINATION_WAIT'] },
    'g1 Succeeded, b1 Succeeded',
    'then terminate',
  ],
  [
    { phase: 'terminationWait', terminationWaitMinutes: 2 },
    'g1 Succeeded, b1 Succeeded',
    'end Stopped',
    { stopping: true },
  ],
  [{ phase: 'terminate' }, 'g1 Succeeded, b1 Succeeded', 'terminate blue, end Succeeded'],
  [{ phase: 'reroute', returnsFrom: 'd-0' }, 'b1 Ready, g1 Pending', 'start b1'],
  [{ phase: 'reroute', returnsFrom: 'd-0' }, 'b1 Succeeded, g1 Pending', 'then block'],
  [{ phase: 'block', returnsFrom: 'd-0' }, 'b1 Succeeded, g1 Pending', 'start g1'],
  [{ phase: 'block', returnsFrom: 'd-0' }, 'b1 Succeeded, g1 Succeeded', 'end Succeeded'],
]

for (const [change, text, expected, { minutes = 0, stopping = false } = {}] of table) {
  const { phase, ...others } = { ...course, ...change }
  const besides = stopping ? 'being stopped' : `after ${minutes} min`
  test(`in ${phase} ${besides}, [${text}] ${JSON.stringify(change)}: ${expected}`, () => {
    const rollout = { ...oneAtATime, isStopping: stopping }
    const plan = planBlueGreen({ ...others, phase }, rollout, fleet(text), minutes * 60_000)
    assert.equal(words(plan), expected)
  })
}
