import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { systemRandom } from '../../src/kernel/system/random.ts'
import type { BlobStore } from '../../src/objects/blob.ts'
import { composeEngines, type Engines } from '../../src/server/compose.ts'
import { composeFaces, type Faces } from '../../src/server/faces.ts'
import { sealerOf } from '../../src/server/installation-sealer.ts'
import { prepareTarget } from '../../src/stacks/prepare-target.ts'
import { fakeCompute } from '../../src/testing/fake-compute.ts'
import { fakeNetwork } from '../../src/testing/fake-network.ts'
import { memoryEvents } from '../../src/testing/memory-events.ts'
import { memoryMessages } from '../../src/testing/memory-messages.ts'
import { memoryPoints } from '../../src/testing/memory-points.ts'
import { memoryStore } from '../../src/testing/memory-store.ts'
import { given as anyGiven } from '../samples/given.ts'
import * as groups from '../samples/groups.ts'
import * as instances from '../samples/instances.ts'
import * as networks from '../samples/networks.ts'
import * as queues from '../samples/queues.ts'
import type { Sample } from '../samples/parts.ts'

// Everything that the engine says of the public samples' shapes before it makes the first resource, over the real types. Numbers and
// booleans are texts, groups have names, images are fixed. `test/long/samples.test.ts` launches them.

const scope = { account: '000000000000', region: 'us-east-1' }

/** Named after AWS's samples. */
const samples: Readonly<Record<string, Sample>> = {
  AutoScalingMultiAZWithNotifications: groups.multiZoneWithNotifications,
  AutoScalingRollingUpdates: groups.rollingUpdates,
  AutoScalingScheduledAction: groups.scheduledAction,
  EC2InstanceWithSecurityGroupSample: instances.instanceWithSecurityGroup,
  EIP_With_Association: instances.addressWithAssociation,
  ELBGuidedAutoScalingRollingUpgrade: groups.guidedRollingUpgrade,
  ELBSample: groups.elbSample,
  ELBStickinessSample: groups.stickiness,
  ELBWithLockedDownAutoScaledInstances: groups.lockedDownInstances,
  ELB_Connection_Draining: groups.connectionDraining,
  IAM_Users_Groups_and_Policies: queues.usersGroupsAndPolicies,
  LAMP_Single_Instance: instances.lampSingleInstance,
  S3Bucket_Auth: instances.bucketAuthentication,
  S3_Bucket: queues.bucketThatIsKept,
  SNSToSQS: queues.topicToQueues,
  SQS_With_CloudWatch_Alarms: queues.queueWithAlarms,
  Templates_within_Templates: queues.nestedSample('https://s3.amazonaws.com/templates'),
  UpdateTutorial_1: instances.updateTutorial(1),
  UpdateTutorial_5: instances.updateTutorial(5),
  VPC_AutoScaling_and_ElasticLoadBalancer: networks.groupInVpc,
  VPC_Single_Instance_In_Subnet: networks.singleInstanceInSubnet,
  WordPress_Single_Instance: instances.wordPress('http://wordpress.org/latest.tar.gz', {}),
}

/** Here nobody's things are there, and all that is asked for is made up. */
const given: Readonly<Record<string, string>> = {
  ...anyGiven,
  BucketName: 'pages',
  VpcId: 'vpc-1',
  Subnets: 'subnet-1,subnet-2',
  AZs: 'us-east-1a,us-east-1b',
}

/** Whether what a parameter names is there is not asked here. */
function asText(parameters: object = {}): Record<string, object> {
  const text = (type: string): string =>
    type.startsWith('List<') ? 'CommaDelimitedList' : 'String'
  return Object.fromEntries(
    Object.entries(parameters as Record<string, { Type: string }>).map(([name, parameter]) => [
      name,
      { ...parameter, Type: parameter.Type === 'Number' ? 'Number' : text(parameter.Type) },
    ]),
  )
}

describe('templates in the shapes of the public samples of 2014 and later', () => {
  let engines: Engines
  let faces: Faces
  const runDirectory = mkdtempSync(join(tmpdir(), 'evenkeel-classic-'))
  const over = (): void => {
    engines.close()
    rmSync(runDirectory, { recursive: true, force: true })
  }

  before(() => {
    const context = {
      store: memoryStore(),
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      events: { publish() {} },
      wake: { wake() {} },
    }
    engines = composeEngines(
      context,
      {
        compute: fakeCompute(),
        network: fakeNetwork(),
        blobs: { async *list() {} } as unknown as BlobStore,
        messages: memoryMessages(),
        sealer: sealerOf(randomBytes(32)),
        points: memoryPoints(systemClock),
        events: memoryEvents(),
      },
      {
        ...scope,
        strictImages: false,
        runDirectory,
        endpointHost: '127.0.0.1:4566',
        keys: undefined,
      },
      { types: () => faces.resourceTypes, lookups: () => faces.lookups },
    )
    faces = composeFaces(engines)
  })
  after(over)

  /** What would fail before the first resource is made. */
  async function problemsOf(sample: Sample): Promise<readonly string[]> {
    const { targets } = engines.stacks
    const Parameters = asText(sample.Parameters)
    const body = JSON.stringify({ ...sample, Parameters })
    const { model } = await prepareTarget(
      targets,
      { stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/s/1', name: 's', scope },
      {
        source: { body, endpointHost: '' },
        parameters: Object.entries(given)
          .filter(([name]) => Object.hasOwn(Parameters, name))
          .map(([name, value]) => ({ name, value, usePreviousValue: false })),
        tags: [],
        capabilities: ['CAPABILITY_IAM'],
      },
    )
    const environment = model.environment()
    return [...model.included].flatMap((id) => {
      const type = targets.typeOf(model.template.resources.get(id)?.type ?? '')
      assert.ok(type)
      model.policies(id, type, environment)
      const coerced = model.properties(id, type, environment)
      return coerced.ok ? [] : [coerced.reason]
    })
  }

  for (const [name, sample] of Object.entries(samples)) {
    it(`${name} can be made`, async () => {
      assert.deepEqual(await problemsOf(sample), [])
    })
  }

  it('databases and zones of names are refused by name', async () => {
    const DBInstance = {
      Type: 'AWS::RDS::DBInstance',
      Properties: { Engine: 'MySQL', DBInstanceClass: 'db.m1.small', AllocatedStorage: '5' },
    }
    const Access = {
      Type: 'AWS::RDS::DBSecurityGroup',
      Properties: {
        GroupDescription: 'web servers',
        DBSecurityGroupIngress: { EC2SecurityGroupName: { Ref: 'InstanceSecurityGroup' } },
      },
    }
    const lamp = groups.lockedDownInstances
    const unknown =
      /Unrecognized resource types: \[AWS::RDS::DBInstance, AWS::RDS::DBSecurityGroup\]/
    const Resources = { ...lamp.Resources, DBInstance, Access }
    await assert.rejects(problemsOf({ ...lamp, Resources }), unknown)
    await assert.rejects(problemsOf(queues.recordOfZone), /types: \[AWS::Route53::RecordSet\]/)
  })
})
