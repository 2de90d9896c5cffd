import { is } from '../../../wire/accept.ts'
import { invalidParameterValue } from '../errors.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const copySnapshot: Ec2Operation<'CopySnapshot'> = {
  accepts: {
    SourceSnapshotId: true,
    SourceRegion: true,
    // Both are put there by SDKs for the copy's way over regions.
    DestinationRegion: true,
    PresignedUrl: true,
    Description: true,
    Encrypted: is(false),
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { compute }) {
    const region = required(input.SourceRegion, 'SourceRegion')
    if (region !== scope.region) throw invalidParameterValue(region, 'SourceRegion')
    const snapshot = await compute.disks.copySnapshot(scope, {
      snapshotId: required(input.SourceSnapshotId, 'SourceSnapshotId'),
      description: input.Description ?? '',
      tags: tagsFor('snapshot', input.TagSpecifications),
    })
    return { SnapshotId: snapshot.snapshotId, Tags: [...snapshot.tags] }
  },
}
