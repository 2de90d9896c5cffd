import { accessKeys, keyScope, type AccessKey } from '../../../identity/records.ts'
import type { ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import { createAccessKey } from '../access-keys.ts'
import { noSuchEntity, validationError } from '../errors.ts'
import type { IamDeps } from '../service-deps.ts'

interface KeyProperties {
  readonly UserName?: string
  readonly Status?: string
}

/** `AWS::IAM::AccessKey`. `Serial` is only there to be changed, which makes a new key. */
export function accessKeyType(deps: IamDeps): ResourceType {
  const { store } = deps.identity.context

  async function withStatus(id: string, status = 'Active'): Promise<ResourceState> {
    if (status !== 'Active' && status !== 'Inactive') {
      throw validationError('Status is Active or Inactive')
    }
    const record = await store.find(accessKeys, keyScope, id)
    if (!record) throw noSuchEntity(`Access Key with id ${id}`)
    const isSet = record.value.status === status
    if (!isSet) await store.update(record, { ...record.value, status })
    return stateOf(record.value)
  }

  return {
    name: 'AWS::IAM::AccessKey',
    properties: { UserName: 'string', Status: 'string', Serial: 'number' },
    required: ['UserName'],
    attributes: ['SecretAccessKey'],
    replaceOn: ['UserName', 'Serial'],
    // CAPABILITY_IAM is enough: there is no property that names it.
    capability: { nameProperty: '' },
    async create(properties, { scope, token, started }) {
      const { UserName, Status } = properties as KeyProperties
      const key = await createAccessKey(deps, { scope, token }, UserName ?? '')
      await started(key.accessKeyId)
      return withStatus(key.accessKeyId, Status)
    },
    update: ({ physicalId, after }) => withStatus(physicalId, (after as KeyProperties).Status),
    async remove({ physicalId }) {
      const record = await store.find(accessKeys, keyScope, physicalId)
      if (record) await store.remove(record)
    },
  }
}

function stateOf(key: AccessKey): ResourceState {
  return { physicalId: key.accessKeyId, attributes: { SecretAccessKey: key.secretAccessKey } }
}
