/** The MQTT Control Packet types, by their number in the fixed header. MQTT 5, table 2-1. */
export const PacketType = {
  Connect: 1,
  Connack: 2,
  Publish: 3,
  Puback: 4,
  Pubrec: 5,
  Pubrel: 6,
  Pubcomp: 7,
  Subscribe: 8,
  Suback: 9,
  Unsubscribe: 10,
  Unsuback: 11,
  Pingreq: 12,
  Pingresp: 13,
  Disconnect: 14,
  Auth: 15,
} as const;

/** The name of a packet as the specification writes it: CONNECT for 1. */
export const packetNames: readonly string[] = [
  'RESERVED',
  ...Object.keys(PacketType).map((name) => name.toUpperCase()),
];
