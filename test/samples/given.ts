/** Values for parameters of the samples that have no default. */
export const given: Readonly<Record<string, string>> = {
  KeyName: 'samples',
  OperatorEMail: 'nobody@example.com',
  OperatorEmail: 'nobody@example.com',
  DBUser: 'admin',
  DBPassword: 'Passw0rd1',
  DBRootPassword: 'Passw0rd1',
  Password: 'Passw0rd1',
  MyPublishUserPassword: 'Passw0rd1',
  MyQueueUserPassword: 'Passw0rd1',
  BucketName: 'samples-pages',
}
