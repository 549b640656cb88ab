import { userInfo } from 'node:os';
import type { Setup } from './setup';

/** mosquitto with mutual TLS and its access control list, and without limits. The user is the common name of the client's certificate. */
export function mosquittoConfiguration(port: number, { acl, key, certificate, root }: Setup): string {
  return `
listener ${port} 127.0.0.1
cafile ${root}
certfile ${certificate}
keyfile ${key}
require_certificate true
use_identity_as_username true
acl_file ${acl}
user ${userInfo().username}
max_inflight_messages 0
max_queued_messages 0
set_tcp_nodelay true
log_type none
`.trimStart();
}
