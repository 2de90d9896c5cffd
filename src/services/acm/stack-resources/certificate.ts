import { certificateArn, openCertificateArn } from '../../../identity/certificates.ts'
import { withTags, type Tag } from '../../../kernel/tags.ts'
import type { Properties, ResourceContext, ResourceType } from '../../../stacks/resource-type.ts'
import type { AcmDeps } from '../deps.ts'
import { certificateInUse, validationError } from '../errors.ts'
import { usersOf } from '../find.ts'

/** `AWS::CertificateManager::Certificate`: issued at once, so nobody waits for a validation. */
export function certificateType(deps: AcmDeps): ResourceType {
  const { certificates } = deps
  return {
    name: 'AWS::CertificateManager::Certificate',
    properties: {
      DomainName: 'string',
      SubjectAlternativeNames: true,
      ValidationMethod: 'string',
      DomainValidationOptions: {
        DomainName: 'string',
        HostedZoneId: 'string',
        ValidationDomain: 'string',
      },
      KeyAlgorithm: 'string',
      Tags: { Key: 'string', Value: 'string' },
    },
    required: ['DomainName'],
    attributes: [],
    replaceOn: ['DomainName', 'SubjectAlternativeNames', 'KeyAlgorithm'],
    async create(properties, context) {
      const { scope } = context
      const { certificateId } = await certificates.request(scope, {
        names: namesOf(properties),
        keyAlgorithm: keyAlgorithmOf(properties),
        token: context.token,
        tags: tagsOf(properties, context),
      })
      const arn = certificateArn(scope, certificateId)
      await context.started(arn)
      return { physicalId: arn, attributes: {} }
    },
    async update({ physicalId, after }, context) {
      const id = openCertificateArn(context.scope, physicalId) ?? ''
      await certificates.setTags(context.scope, id, tagsOf(after, context))
      return { physicalId, attributes: {} }
    },
    async remove({ physicalId }, { scope }) {
      const id = openCertificateArn(scope, physicalId)
      if (id === undefined) return
      const users = await usersOf(deps, scope, id)
      if (users.length > 0) throw certificateInUse(physicalId, users)
      await certificates.remove(scope, id)
    },
  }
}

function namesOf(properties: Properties): readonly string[] {
  const others = (properties['SubjectAlternativeNames'] ?? []) as readonly string[]
  return [
    ...new Set([String(properties['DomainName']), ...others].map((name) => name.toLowerCase())),
  ]
}

function keyAlgorithmOf(properties: Properties): 'RSA_2048' | 'EC_prime256v1' {
  const given = properties['KeyAlgorithm'] ?? 'RSA_2048'
  if (given === 'RSA_2048' || given === 'EC_prime256v1') return given
  throw validationError(`The key algorithm '${JSON.stringify(given)}' is not supported here`)
}

function tagsOf(properties: Properties, context: ResourceContext): readonly Tag[] {
  return withTags(context.tags, (properties['Tags'] ?? []) as readonly Tag[])
}
