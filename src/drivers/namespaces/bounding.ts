/**
 * What root may do inside a machine: Docker's default set without `mknod`, because there is no device filter here, so that a
 * device node would be the host machine's disk.
 */
export const boundingSet = [
  '-all',
  '+chown',
  '+dac_override',
  '+fowner',
  '+fsetid',
  '+kill',
  '+setgid',
  '+setuid',
  '+setpcap',
  '+setfcap',
  '+net_bind_service',
  '+net_raw',
  '+sys_chroot',
  '+audit_write',
].join(',')
