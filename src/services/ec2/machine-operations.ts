import { guarded } from './guard.ts'
import { attachVolume } from './operations/attach-volume.ts'
import { copyImage } from './operations/copy-image.ts'
import { copySnapshot } from './operations/copy-snapshot.ts'
import { createImage } from './operations/create-image.ts'
import { createSnapshot } from './operations/create-snapshot.ts'
import { createVolume } from './operations/create-volume.ts'
import { deleteSnapshot } from './operations/delete-snapshot.ts'
import { deleteVolume } from './operations/delete-volume.ts'
import { deregisterImage } from './operations/deregister-image.ts'
import { describeInstanceTypeOfferings } from './operations/describe-instance-type-offerings.ts'
import { describeSnapshots } from './operations/describe-snapshots.ts'
import { describeVolumeAttribute } from './operations/describe-volume-attribute.ts'
import { describeVolumeStatus } from './operations/describe-volume-status.ts'
import { describeVolumesModifications } from './operations/describe-volumes-modifications.ts'
import { describeVolumes } from './operations/describe-volumes.ts'
import { detachVolume } from './operations/detach-volume.ts'
import { getInstanceMetadataDefaults } from './operations/get-instance-metadata-defaults.ts'
import { modifyImageAttribute } from './operations/modify-image-attribute.ts'
import { modifyVolume } from './operations/modify-volume.ts'
import { monitorInstances } from './operations/monitor-instances.ts'
import { registerImage } from './operations/register-image.ts'
import { reportInstanceStatus } from './operations/report-instance-status.ts'
import { unmonitorInstances } from './operations/unmonitor-instances.ts'
import { describeIamInstanceProfileAssociations } from './operations/describe-iam-instance-profile-associations.ts'
import { describeInstanceCreditSpecifications } from './operations/describe-instance-credit-specifications.ts'
import { modifyInstanceCreditSpecification } from './operations/modify-instance-credit-specification.ts'
import { associateIamInstanceProfile } from './operations/associate-iam-instance-profile.ts'
import { disassociateIamInstanceProfile } from './operations/disassociate-iam-instance-profile.ts'
import { replaceIamInstanceProfileAssociation } from './operations/replace-iam-instance-profile-association.ts'
import { modifyInstanceMetadataOptions } from './operations/modify-instance-metadata-options.ts'
import { getEbsEncryptionByDefault } from './operations/get-ebs-encryption-by-default.ts'
import { describeImageAttribute } from './operations/describe-image-attribute.ts'
import { describeSnapshotAttribute } from './operations/describe-snapshot-attribute.ts'
import { getPasswordData } from './operations/get-password-data.ts'
import { cancelSpotInstanceRequests } from './operations/cancel-spot-instance-requests.ts'
import { describeSpotInstanceRequests } from './operations/describe-spot-instance-requests.ts'
import { requestSpotInstances } from './operations/request-spot-instances.ts'

/** Volumes, snapshots, images of one's own, spot, and what else instances are asked. */
export const machineOperations = {
  AttachVolume: guarded(attachVolume),
  CancelSpotInstanceRequests: guarded(cancelSpotInstanceRequests),
  CopyImage: guarded(copyImage),
  CopySnapshot: guarded(copySnapshot),
  CreateImage: guarded(createImage),
  CreateSnapshot: guarded(createSnapshot),
  CreateVolume: guarded(createVolume),
  DeleteSnapshot: guarded(deleteSnapshot),
  DeleteVolume: guarded(deleteVolume),
  DeregisterImage: guarded(deregisterImage),
  DescribeInstanceTypeOfferings: guarded(describeInstanceTypeOfferings),
  DescribeSnapshots: guarded(describeSnapshots),
  DescribeSpotInstanceRequests: guarded(describeSpotInstanceRequests),
  RequestSpotInstances: guarded(requestSpotInstances),
  DescribeVolumeAttribute: guarded(describeVolumeAttribute),
  DescribeVolumeStatus: guarded(describeVolumeStatus),
  DescribeVolumesModifications: guarded(describeVolumesModifications),
  DescribeVolumes: guarded(describeVolumes),
  DetachVolume: guarded(detachVolume),
  GetInstanceMetadataDefaults: guarded(getInstanceMetadataDefaults),
  ModifyImageAttribute: guarded(modifyImageAttribute),
  ModifyVolume: guarded(modifyVolume),
  MonitorInstances: guarded(monitorInstances),
  RegisterImage: guarded(registerImage),
  ReportInstanceStatus: guarded(reportInstanceStatus),
  UnmonitorInstances: guarded(unmonitorInstances),
  DescribeIamInstanceProfileAssociations: guarded(describeIamInstanceProfileAssociations),
  DescribeInstanceCreditSpecifications: guarded(describeInstanceCreditSpecifications),
  ModifyInstanceCreditSpecification: guarded(modifyInstanceCreditSpecification),
  AssociateIamInstanceProfile: guarded(associateIamInstanceProfile),
  DisassociateIamInstanceProfile: guarded(disassociateIamInstanceProfile),
  ReplaceIamInstanceProfileAssociation: guarded(replaceIamInstanceProfileAssociation),
  ModifyInstanceMetadataOptions: guarded(modifyInstanceMetadataOptions),
  GetEbsEncryptionByDefault: guarded(getEbsEncryptionByDefault),
  DescribeImageAttribute: guarded(describeImageAttribute),
  DescribeSnapshotAttribute: guarded(describeSnapshotAttribute),
  GetPasswordData: guarded(getPasswordData),
}
