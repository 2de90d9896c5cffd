import type { AutoScalingGroup, Activity } from '@aws-sdk/client-auto-scaling'
import type { EngineEvent } from '../kernel/ports.ts'
import { silentLog } from '../kernel/ports.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { createScale } from '../scale/create-scale.ts'
import type { ManagedAlarm, ManagedAlarms } from '../scale/managed-alarms.ts'
import type { Notices } from '../scale/notices.ts'
import type { ScalePorts } from '../scale/scale.ts'
import { autoscalingService } from '../services/autoscaling/index.ts'
import { fakeInstances } from './fake-instances.ts'
import { call } from './fake-request.ts'
import { fakeTargets } from './fake-targets.ts'
import { manualClock } from './manual-clock.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

export const scope = { account: '000000000000', region: 'us-east-1' }
export const targetGroup = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/1'

/** A request for a group that is whole: two of at most four instances over two zones. */
export const basicGroup = {
  AutoScalingGroupName: 'web',
  LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '$Latest' },
  MinSize: 1,
  MaxSize: 4,
  DesiredCapacity: 2,
  VPCZoneIdentifier: 'subnet-a, subnet-b',
  TargetGroupARNs: [targetGroup],
  Tags: [{ Key: 'app', Value: 'web', PropagateAtLaunch: true }],
}

/** Alarms as they were put, by name. */
export interface FakeAlarms extends ManagedAlarms {
  readonly kept: Map<string, ManagedAlarm>
  put: ManagedAlarms['put']
}

function alarmArn(name: string): string {
  return `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`
}

function fakeAlarms(): FakeAlarms {
  const kept = new Map<string, ManagedAlarm>()
  return {
    kept,
    async put(_scope, alarms) {
      for (const alarm of alarms) kept.set(alarm.name, alarm)
      return alarms.map(({ name }) => alarmArn(name))
    },
    async remove(_scope, names) {
      for (const name of names) kept.delete(name)
    },
    acting: async () =>
      [...kept.values()].map(({ name, actions }) => ({ name, arn: alarmArn(name), actions })),
  }
}

interface Told {
  readonly targetArn: string
  readonly subject: string
  readonly message: string
}

/** Every target is there, but those that are called `none`. */
function fakeNotices(): { readonly told: Told[]; readonly notices: Notices } {
  const told: Told[] = []
  return {
    told,
    notices: {
      refusal: async (_scope, targetArn) =>
        targetArn.endsWith(':none') ? 'there is no such topic' : undefined,
      async tell(targetArn, notice) {
        told.push({ targetArn, ...notice })
      },
    },
  }
}

/** Two versions of one template, `lt-1`. */
const launchTemplates: ScalePorts['launchTemplates'] = {
  resolve: async (_scope, ref) => {
    const version = ref.version === '1' ? '1' : '2'
    return ref.launchTemplateId === 'lt-1' || ref.launchTemplateName === 'web'
      ? {
          launchTemplateId: 'lt-1',
          launchTemplateName: 'web',
          version,
          request: { imageId: `ami-${version}`, instanceType: 't3.micro', tags: [] },
        }
      : undefined
  },
}

const network: ScalePorts['network'] = {
  subnet: async (_scope, subnetId) =>
    /^subnet-[abc]$/.test(subnetId)
      ? {
          subnetId,
          vpcId: 'vpc-1',
          zone: `us-east-1${subnetId.at(-1)}`,
          cidr: '10.0.0.0/24',
          isDefault: false,
          assignsPublicAddress: false,
        }
      : undefined,
  defaultSubnets: async () => [],
}

/** The face of Auto Scaling over its engine; instances, targets and alarms are fakes, the clock is turned by hand. */
export function autoScalingWorld() {
  const clock = manualClock()
  const events: EngineEvent[] = []
  const context = {
    store: memoryStore(clock),
    clock,
    random: seededRandom(11),
    log: silentLog,
    events: { publish: (event: EngineEvent) => void events.push(event) },
    wake: { wake() {} },
  }
  const instances = fakeInstances(context)
  const targets = fakeTargets(targetGroup)
  const alarms = fakeAlarms()
  const alarmStates = new Map<string, string>()
  const { told, notices } = fakeNotices()
  const scale = createScale(context, {
    instances,
    targets,
    launchTemplates,
    network,
    managedAlarms: alarms,
    alarmStates: { state: async (_scope, name) => alarmStates.get(name) },
    notices,
  })
  const service = autoscalingService({ scale })
  const signal = new AbortController().signal

  /** Every reconciler over all that there is, several times, machines following on their own. */
  async function rest(rounds = 30): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      for (const reconciler of scale.reconcilers) {
        for (const key of await reconciler.keys()) await reconciler.reconcile(key, signal)
      }
      await instances.settle()
    }
  }
  const once = (name = 'web') => scale.reconcilers[0]?.reconcile(keyOf(scope, name), signal)
  const ask = <Answer>(operation: string, input: object = {}) =>
    call<Answer>(service, operation, { AutoScalingGroupName: 'web', ...input })
  const group = async () => {
    const names = { AutoScalingGroupNames: ['web'] }
    const answer = await call<{ AutoScalingGroups: AutoScalingGroup[] }>(
      service,
      'DescribeAutoScalingGroups',
      names,
    )
    return answer.AutoScalingGroups[0]
  }
  const staff = async () => (await group())?.Instances ?? []
  const activities = async () =>
    (await ask<{ Activities: Activity[] }>('DescribeScalingActivities')).Activities
  return {
    clock,
    scale,
    instances,
    targets,
    alarms,
    alarmStates,
    told,
    events,
    service,
    rest,
    once,
    ask,
    group,
    staff,
    activities,
  }
}
