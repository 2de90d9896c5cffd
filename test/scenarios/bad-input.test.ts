import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { leavesNothing } from '../harness/census.ts'
import { startPlatform, type Platform } from '../harness/platform.ts'
import { form, json, raw, type RawAnswer, type RawRequest } from '../harness/raw-request.ts'

const versions = {
  ec2: '2016-11-15',
  autoscaling: '2011-01-01',
  cloudformation: '2010-05-15',
  elasticloadbalancing: '2015-12-01',
  iam: '2010-05-08',
  sts: '2011-06-15',
}

function query(
  service: keyof typeof versions,
  action: string,
  members: Readonly<Record<string, string>> = {},
): RawRequest {
  return form(service, { Action: action, Version: versions[service], ...members })
}

function codedeploy(operation: string, body: string): RawRequest {
  return json('codedeploy', `CodeDeploy_20141006.${operation}`, body)
}

function s3(method: string, path: string, body = ''): RawRequest {
  return { service: 's3', method, path, body }
}

const bucket = 'bad-input'

describe('bad input at the front door', () => {
  let platform: Platform

  before(async () => {
    platform = await startPlatform()
    assert.equal((await raw(platform, s3('PUT', `/${bucket}`))).status, 200)
    assert.equal((await raw(platform, s3('PUT', `/${bucket}/kept`, 'kept'))).status, 200)
  })
  after(async () => {
    await platform?.stop()
  })

  async function refused(
    request: RawRequest,
    expected: string,
    message: RegExp = /./,
  ): Promise<RawAnswer> {
    const answer = await raw(platform, request)
    const what = `${request.method ?? 'POST'} ${request.path ?? String(request.body).slice(0, 200)}`
    assert.equal(`${answer.code} ${answer.status}`, expected, `${what}: ${answer.body}`)
    assert.match(answer.message, message, what)
    return answer
  }

  /** Each of these requests is refused so, and none leaves anything behind. */
  async function allRefused(
    cases: readonly (readonly [RawRequest, expected: string, message?: RegExp])[],
  ): Promise<void> {
    await leavesNothing(platform, async () => {
      for (const [request, expected, message] of cases) await refused(request, expected, message)
    })
  }

  it('answers JSON that is none with SerializationException', async () => {
    const create = (body: string): RawRequest => codedeploy('CreateApplication', body)
    const garbled = 'SerializationException 400'
    await allRefused([
      [create('{"applicationName":'), garbled, /not JSON/],
      [create('[1]'), garbled],
      [create('null'), garbled],
      [create('"text"'), garbled],
      [create('{"applicationName":1}'), garbled, /a number stands where a string is expected/],
      [create('{"applicationName":{"a":"b"}}'), garbled],
      [create('{"applicationName":"a","tags":{}}'), garbled],
      [create('['.repeat(100_000)), garbled],
      [create('{"applicationName":"a"}{}'), garbled],
      [create('applicationName=a'), garbled],
    ])
  })

  it('answers XML that is none with MalformedXML', async () => {
    const wrong = 'MalformedXML 400'
    const many = '<Object><Key>kept</Key></Object>'.repeat(1001)
    const entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    const complete = (body: string): RawRequest => s3('POST', `/${bucket}/big?uploadId=none`, body)
    await allRefused([
      [s3('POST', `/${bucket}?delete=`, '<Delete><Object></Delete>'), wrong],
      [s3('POST', `/${bucket}?delete=`, ''), wrong],
      [s3('POST', `/${bucket}?delete=`, '{"Objects":[]}'), wrong],
      [s3('POST', `/${bucket}?delete=`, '<Delete></Delete>'), wrong],
      [s3('POST', `/${bucket}?delete=`, `<Delete>${many}</Delete>`), wrong],
      [s3('POST', `/${bucket}?delete=`, `${entity}<Delete>&x;</Delete>`), wrong],
      [s3('POST', `/${bucket}?delete=`, '<a>'.repeat(100_000)), wrong],
      [complete('<CompleteMultipartUpload><Part></CompleteMultipartUpload>'), wrong],
      [complete('not xml'), wrong],
    ])
  })

  it('answers forms that cannot be read by naming what cannot', async () => {
    const run = { ImageId: 'ami-12345678', MaxCount: '1' }
    const group = { AutoScalingGroupName: 'nonsense', MaxSize: '1' }
    await allRefused([
      [
        { ...query('ec2', 'RunInstances'), body: 'Action=RunInstances&Version=2016-11-15&A=%zz' },
        'MalformedQueryString 400',
      ],
      [
        query('ec2', 'RunInstances', { ...run, MinCount: 'one' }),
        'InvalidParameterValue 400',
        /MinCount/,
      ],
      [
        query('ec2', 'RunInstances', { ...run, MinCount: '1', DryRun: 'maybe' }),
        'InvalidParameterValue 400',
        /DryRun/,
      ],
      [query('ec2', 'RunInstances', run), 'MissingParameter 400', /MinCount/],
      [
        query('autoscaling', 'CreateAutoScalingGroup', { ...group, MinSize: 'few' }),
        'MalformedInput 400',
        /MinSize/,
      ],
      [query('autoscaling', 'CreateAutoScalingGroup', group), 'ValidationError 400', /minSize/],
      [
        query('autoscaling', 'CreateAutoScalingGroup', { 'Tags.member.x.Key': 'a' }),
        'MalformedInput 400',
      ],
      [
        query('autoscaling', 'CreateAutoScalingGroup', { 'Tags.member.99999999999': 'a' }),
        'MalformedInput 400',
      ],
      [{ ...query('ec2', 'RunInstances'), body: 'Version=2016-11-15' }, 'MissingAction 400'],
    ])
  })

  it('answers wrong, unknown, old and missing signatures in the words of each protocol', async () => {
    const { credentials } = platform
    const words = {
      json: {
        wrong: 'InvalidSignatureException 400',
        unknown: 'UnrecognizedClientException 400',
        late: 'InvalidSignatureException 400',
        none: 'MissingAuthenticationTokenException 400',
        token: 'UnrecognizedClientException 400',
      },
      query: {
        wrong: 'SignatureDoesNotMatch 403',
        unknown: 'InvalidClientTokenId 403',
        late: 'SignatureDoesNotMatch 403',
        none: 'MissingAuthenticationToken 403',
        token: 'InvalidClientTokenId 403',
      },
      ec2: {
        wrong: 'AuthFailure 401',
        unknown: 'AuthFailure 401',
        late: 'RequestExpired 400',
        none: 'MissingAuthenticationToken 403',
        token: 'AuthFailure 401',
      },
      s3: {
        wrong: 'SignatureDoesNotMatch 403',
        unknown: 'InvalidAccessKeyId 403',
        late: 'RequestTimeTooSkewed 403',
        none: 'AccessDenied 403',
        token: 'InvalidToken 400',
      },
    }
    const requests: readonly (readonly [keyof typeof words, RawRequest])[] = [
      ['json', codedeploy('CreateApplication', '{"applicationName":"forged"}')],
      ['query', query('autoscaling', 'CreateOrUpdateTags', { 'Tags.member.1.Key': 'a' })],
      ['query', query('iam', 'CreateUser', { UserName: 'forged' })],
      [
        'query',
        query('cloudformation', 'CreateStack', { StackName: 'forged', TemplateBody: '{}' }),
      ],
      ['query', query('elasticloadbalancing', 'CreateTargetGroup', { Name: 'forged' })],
      ['ec2', query('ec2', 'CreateKeyPair', { KeyName: 'forged' })],
      ['s3', s3('PUT', '/forged-bucket')],
      ['s3', s3('PUT', `/${bucket}/forged`, 'x')],
    ]
    const quarterHour = 15 * 60_000 + 5_000
    await allRefused(
      requests.flatMap(([family, request]) => {
        const { wrong, unknown, late, none, token } = words[family]
        return [
          [{ ...request, credentials: { ...credentials, secretAccessKey: 'guess' } }, wrong],
          [
            { ...request, credentials: { ...credentials, accessKeyId: 'AKIANOBODY0000000000' } },
            unknown,
          ],
          [{ ...request, credentials: { ...credentials, accessKeyId: '000000000000' } }, unknown],
          [{ ...request, credentials: { ...credentials, sessionToken: 'invented' } }, token],
          [{ ...request, signedAt: new Date(Date.now() - quarterHour) }, late],
          [{ ...request, signedAt: new Date(Date.now() + quarterHour) }, late],
          [{ ...request, credentials: 'none' }, none],
        ] as const
      }),
    )
  })

  it('does not take a body that is not the one that was signed', async () => {
    await allRefused([
      [
        {
          ...query('ec2', 'CreateKeyPair', { KeyName: 'a' }),
          afterwards: { body: 'Action=CreateKeyPair&Version=2016-11-15&KeyName=b' },
        },
        'AuthFailure 401',
      ],
      [
        {
          ...codedeploy('CreateApplication', '{"applicationName":"a"}'),
          afterwards: { body: '{"applicationName":"b"}' },
        },
        'InvalidSignatureException 400',
      ],
      [
        { ...s3('PUT', `/${bucket}/changed`, 'a'), afterwards: { body: 'b' } },
        'XAmzContentSHA256Mismatch 400',
      ],
      [
        { ...s3('PUT', `/${bucket}/added`, 'a'), afterwards: { headers: { 'x-amz-meta-a': 'b' } } },
        'AccessDenied 403',
        /not signed/,
      ],
    ])
  })

  it('bounds bodies, and goes on with its work', async () => {
    const big = Buffer.alloc(17 * 1024 * 1024, 97)
    await allRefused([
      [{ ...codedeploy('CreateApplication', ''), body: big }, 'RequestEntityTooLargeException 413'],
      [{ ...query('ec2', 'CreateKeyPair'), body: big }, 'RequestEntityTooLarge 413'],
      [
        { ...query('autoscaling', 'CreateAutoScalingGroup'), body: big },
        'RequestEntityTooLarge 413',
      ],
      [{ ...s3('POST', `/${bucket}?delete=`), body: big }, 'MaxMessageLengthExceeded 400'],
      [
        query('cloudformation', 'CreateStack', {
          StackName: 'big',
          TemplateBody: ' '.repeat(1_000_001),
        }),
        'ValidationError 400',
        /51200|1000000|1 validation error/,
      ],
      [
        query('cloudformation', 'CreateStack', {
          StackName: 'a',
          TemplateBody: `${'['.repeat(50_000)}`,
        }),
        'ValidationError 400',
      ],
      [s3('PUT', `/${bucket}/${'k'.repeat(1025)}`, 'x'), 'KeyTooLongError 400'],
    ])
  })
})
