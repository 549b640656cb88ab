import { join } from 'node:path';
import type { Setup } from './setup';

/**
 * FlashMQ with one thread, mutual TLS and its access control list, and without limits that the load would reach. It takes the common name
 * of a client's certificate for its user. See https://www.flashmq.org/flashmq.conf-man-page/.
 */
export function flashmqConfiguration(port: number, { folder, acl, key, certificate, root }: Setup): string {
  return `
thread_count 1
log_level warning
log_file ${join(folder, 'flashmq.log')}
allow_anonymous true
max_qos_msg_pending_per_client 65535
max_qos_bytes_pending_per_client 67108864
client_max_write_buffer_size 268435456
shared_subscription_targeting round_robin
mosquitto_acl_file ${acl}
listen {
  protocol mqtt
  inet_protocol ip4
  inet4_bind_address 127.0.0.1
  port ${port}
  fullchain ${certificate}
  privkey ${key}
  client_verification_ca_file ${root}
  tcp_nodelay true
}
`.trimStart();
}
