import { createCertificates } from '../identity/certificates.ts'
import { acmResourceTypes, acmService } from '../services/acm/index.ts'
import { autoscalingResourceTypes, autoscalingService } from '../services/autoscaling/index.ts'
import { cloudcontrolService } from '../services/cloudcontrol/index.ts'
import {
  cloudformationResourceTypes,
  cloudformationService,
} from '../services/cloudformation/index.ts'
import { cloudwatchResourceTypes, cloudwatchService } from '../services/cloudwatch/index.ts'
import { codedeployCommandsService } from '../services/codedeploy-commands/index.ts'
import { codedeployResourceTypes, codedeployService } from '../services/codedeploy/index.ts'
import { ec2ResourceTypes, ec2Service, parameterLookups } from '../services/ec2/index.ts'
import { ecrResourceTypes, ecrService } from '../services/ecr/index.ts'
import { elbResourceTypes, elbService } from '../services/elb/index.ts'
import { elbv2ResourceTypes, elbv2Service } from '../services/elbv2/index.ts'
import { eventsResourceTypes, eventsService } from '../services/events/index.ts'
import { iamResourceTypes, iamService } from '../services/iam/index.ts'
import { kmsResourceTypes, kmsService } from '../services/kms/index.ts'
import { logsResourceTypes, logsService } from '../services/logs/index.ts'
import { s3ResourceTypes, s3Service } from '../services/s3/index.ts'
import { snsResourceTypes, snsService } from '../services/sns/index.ts'
import { sqsResourceTypes, sqsService } from '../services/sqs/index.ts'
import {
  secretReferences,
  secretsmanagerResourceTypes,
  secretsmanagerService,
} from '../services/secretsmanager/index.ts'
import {
  ssmReferences,
  ssmResourceTypes,
  ssmService,
  storedParameter,
} from '../services/ssm/index.ts'
import { stsService } from '../services/sts/index.ts'
import type { ParameterLookups } from '../stacks/parameter-lookups.ts'
import type { ResourceType } from '../stacks/resource-type.ts'
import type { Service } from '../wire/service.ts'
import type { Engines } from './compose.ts'

/** The AWS faces over the engines: operations for the wire, resource types for stacks. */
export interface Faces {
  readonly services: readonly Service[]
  readonly resourceTypes: readonly ResourceType[]
  readonly lookups: ParameterLookups
}

export function composeFaces(engines: Engines): Faces {
  const { context, identity, network, compute, balance, scale, objects, deploy, stacks } = engines
  const { store, clock, random } = context
  const ssm = { store, clock, sealer: engines.sealer }
  const secrets = { ...ssm, random }
  const ec2 = { store, clock, random, network, compute, profiles: identity.instanceProfiles }
  const certificates = createCertificates(context)
  const iam = { identity, certificateUsers: balance.certificateListeners.usersOf }
  const acm = { certificates, clock, listeners: balance.certificateListeners }
  const elb = { balance, network, store }
  const sqs = { queues: engines.queues, endpointHost: engines.endpointHost }
  const ofSecrets = secretReferences(secrets)
  const ofParameters = ssmReferences(ssm)
  const dynamic: NonNullable<ParameterLookups['dynamic']> = (scope, reference) =>
    reference.service === 'secretsmanager'
      ? ofSecrets(scope, reference)
      : ofParameters(scope, reference)
  return {
    services: [
      acmService(acm),
      autoscalingService({ scale }),
      cloudcontrolService({ stacks }),
      cloudformationService({
        stacks,
        takesRole: (scope, arn) => identity.isRoleOf(scope, 'cloudformation', arn),
      }),
      cloudwatchService({ metrics: engines.metrics }),
      codedeployCommandsService({ deploy }),
      codedeployService({ deploy }),
      ec2Service(ec2),
      ecrService({ store, clock }),
      elbService(elb),
      elbv2Service({ balance, network }),
      eventsService({ rules: engines.rules }),
      iamService(iam),
      kmsService(secrets),
      logsService({ logs: engines.logs }),
      s3Service({ objects }),
      snsService({ topics: engines.topics }),
      sqsService(sqs),
      secretsmanagerService(secrets),
      ssmService(ssm),
      stsService({ identity }),
    ],
    resourceTypes: [
      ...acmResourceTypes(acm),
      ...autoscalingResourceTypes({ scale }),
      ...cloudformationResourceTypes({ stacks, insideEndpoint: engines.insideEndpoint }),
      ...cloudwatchResourceTypes({ metrics: engines.metrics }),
      ...codedeployResourceTypes({ deploy }),
      ...ec2ResourceTypes(ec2),
      ...ecrResourceTypes({ store, clock }),
      ...elbResourceTypes(elb),
      ...elbv2ResourceTypes({ balance, network }),
      ...eventsResourceTypes({ rules: engines.rules }),
      ...iamResourceTypes(iam),
      ...kmsResourceTypes(secrets),
      ...logsResourceTypes({ logs: engines.logs }),
      ...s3ResourceTypes({ objects }),
      ...snsResourceTypes({ topics: engines.topics }),
      ...sqsResourceTypes(sqs),
      ...secretsmanagerResourceTypes(secrets),
      ...ssmResourceTypes(ssm),
    ],
    lookups: { ...parameterLookups(ec2), stored: storedParameter(ssm), dynamic },
  }
}
