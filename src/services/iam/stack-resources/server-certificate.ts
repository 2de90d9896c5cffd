import { globalScopeOf } from '../../../identity/records.ts'
import { serverCertificates } from '../../../identity/server-certificates.ts'
import { withTags, type Tag } from '../../../kernel/tags.ts'
import type { ResourceContext, ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import {
  certificateEntities,
  removeCertificate,
  renameCertificate,
  uploadCertificate,
} from '../server-certificates.ts'
import type { IamDeps } from '../service-deps.ts'

interface CertificateProperties {
  readonly ServerCertificateName?: string
  readonly Path?: string
  readonly CertificateBody?: string
  readonly PrivateKey?: string
  readonly CertificateChain?: string
  readonly Tags?: readonly Tag[]
}

/** `AWS::IAM::ServerCertificate` */
export function serverCertificateType(deps: IamDeps): ResourceType {
  async function stateOf(name: string, { scope }: ResourceContext): Promise<ResourceState> {
    const { value } = await certificateEntities.named(deps, scope, name)
    return { physicalId: name, attributes: { Arn: value.arn } }
  }
  return {
    name: 'AWS::IAM::ServerCertificate',
    properties: {
      ServerCertificateName: 'string',
      Path: 'string',
      CertificateBody: 'string',
      PrivateKey: 'string',
      CertificateChain: 'string',
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Arn'],
    replaceOn: ['ServerCertificateName', 'CertificateBody', 'PrivateKey', 'CertificateChain'],
    async create(properties, context) {
      const { scope, token } = context
      const given = properties as CertificateProperties
      const certificate = await uploadCertificate(
        deps,
        { scope, token },
        {
          ServerCertificateName: given.ServerCertificateName ?? context.physicalName(128),
          Path: given.Path,
          CertificateBody: given.CertificateBody,
          PrivateKey: given.PrivateKey,
          CertificateChain: given.CertificateChain,
          Tags: [...withTags(context.tags, given.Tags ?? [])],
        },
      )
      await context.started(certificate.name)
      return stateOf(certificate.name, context)
    },
    async update({ physicalId, after }, context) {
      const { scope } = context
      const given = after as CertificateProperties
      const path = { ServerCertificateName: physicalId, NewPath: given.Path ?? '/' }
      await renameCertificate(deps, scope, path)
      await certificateEntities.change(deps, scope, physicalId, (known) => ({
        ...known,
        tags: withTags(context.tags, given.Tags ?? []),
      }))
      return stateOf(physicalId, context)
    },
    async remove({ physicalId }, { scope }) {
      const { store } = deps.identity.context
      const record = await store.find(serverCertificates, globalScopeOf(scope), physicalId)
      if (record) await removeCertificate(deps, scope, physicalId)
    },
  }
}
