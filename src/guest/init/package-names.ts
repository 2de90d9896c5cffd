/** Packages by the names of yum's distributions, and what Debian calls them. */
const debianNames: Readonly<Record<string, readonly string[]>> = {
  httpd: ['apache2'],
  httpd24: ['apache2'],
  'httpd-tools': ['apache2-utils'],
  'httpd-devel': ['apache2-dev'],
  mod_ssl: ['apache2'],
  mod24_ssl: ['apache2'],
  php: ['php'],
  php54: ['php'],
  php55: ['php'],
  php56: ['php'],
  'php56-mysqlnd': ['php-mysql'],
  'php-mysqlnd': ['php-mysql'],
  'php-mbstring': ['php-mbstring'],
  mysql: ['default-mysql-client'],
  mysql55: ['default-mysql-client'],
  mysql56: ['default-mysql-client'],
  'mysql55-server': ['default-mysql-server'],
  'mysql56-server': ['default-mysql-server'],
  'mysql-server': ['default-mysql-server'],
  'mysql-devel': ['default-libmysqlclient-dev'],
  'mysql-libs': ['default-libmysqlclient-dev'],
  mariadb: ['mariadb-client'],
  postgresql: ['postgresql-client'],
  'postgresql-server': ['postgresql'],
  'gcc-c++': ['g++'],
  'python-devel': ['python3-dev'],
  'python3-devel': ['python3-dev'],
  'ruby-devel': ['ruby-dev'],
  'openssl-devel': ['libssl-dev'],
  'zlib-devel': ['zlib1g-dev'],
  cronie: ['cron'],
  'openssh-server': ['openssh-server'],
  'bind-utils': ['dnsutils'],
  'nmap-ncat': ['netcat-openbsd'],
  'procps-ng': ['procps'],
  'java-1.8.0-openjdk': ['default-jre-headless'],
  'java-11-amazon-corretto': ['default-jre-headless'],
  rubygems: ['ruby'],
  'shadow-utils': ['passwd'],
  'util-linux-ng': ['util-linux'],
}

/** Part of every machine, under whatever name. */
const builtIn = new Set(['aws-cfn-bootstrap', 'cloud-init', 'heat-cfntools'])

export function isBuiltIn(name: string): boolean {
  return builtIn.has(name)
}

/** What a package of yum is called where apt installs; the same name when no other is known. */
export function debianNamesOf(name: string): readonly string[] {
  return debianNames[name.replace(/\.(x86_64|noarch|aarch64|i686)$/, '')] ?? [name]
}
