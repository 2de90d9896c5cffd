import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { unsupportedMember } from './errors.ts'
import { createRepository } from './operations/create-repository.ts'
import { deleteLifecyclePolicy } from './operations/delete-lifecycle-policy.ts'
import { deleteRepository } from './operations/delete-repository.ts'
import { deleteRepositoryPolicy } from './operations/delete-repository-policy.ts'
import { describeImages } from './operations/describe-images.ts'
import { describeRepositories } from './operations/describe-repositories.ts'
import { getLifecyclePolicy } from './operations/get-lifecycle-policy.ts'
import { getRepositoryPolicy } from './operations/get-repository-policy.ts'
import { listImages } from './operations/list-images.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { putImageTagMutability } from './operations/put-image-tag-mutability.ts'
import { putLifecyclePolicy } from './operations/put-lifecycle-policy.ts'
import { setRepositoryPolicy } from './operations/set-repository-policy.ts'
import { tagResource } from './operations/tag-resource.ts'
import { untagResource } from './operations/untag-resource.ts'
import type { EcrDeps } from './service-deps.ts'
import { repositoryType } from './stack-resources/repository.ts'

/** ECR: repositories without images. */
export function ecrService(deps: EcrDeps): Service {
  return serviceOf(deps, {
    id: 'ecr',
    refuseMember: unsupportedMember,
    operations: {
      CreateRepository: createRepository,
      DeleteLifecyclePolicy: deleteLifecyclePolicy,
      DeleteRepository: deleteRepository,
      DeleteRepositoryPolicy: deleteRepositoryPolicy,
      DescribeImages: describeImages,
      DescribeRepositories: describeRepositories,
      GetLifecyclePolicy: getLifecyclePolicy,
      GetRepositoryPolicy: getRepositoryPolicy,
      ListImages: listImages,
      ListTagsForResource: listTagsForResource,
      PutImageTagMutability: putImageTagMutability,
      PutLifecyclePolicy: putLifecyclePolicy,
      SetRepositoryPolicy: setRepositoryPolicy,
      TagResource: tagResource,
      UntagResource: untagResource,
    },
  })
}

export function ecrResourceTypes(deps: EcrDeps): readonly ResourceType[] {
  return [repositoryType(deps)]
}
