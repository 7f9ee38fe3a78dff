import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Network } from '../../config/forms.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Never sent to, whatever the settings say: this host itself, what hands out credentials in clouds, and crowds. */
const NEVER = ['0.0.0.0/8', '169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32']
  .concat(['224.0.0.0/4', '255.255.255.255/32', '::/128', 'fe80::/10', 'ff00::/8', 'fd00:ec2::/32', 'fd20:ce::254/128'])
  .map((text) => ipaddr.parseCIDR(text));
/** Of IPv6 only this part is given out to anybody. */
const GLOBAL = ipaddr.parseCIDR('2000::/3');

/** PUBLIC: anybody's. PRIVATE: in one of the networks that the settings name. REFUSED: anything else. */
export function judgeAddress(text: string, networks: readonly Network[]): 'PUBLIC' | 'PRIVATE' | 'REFUSED' {
  // A zone chooses an interface of this host, and only link-local addresses need one.
  if (text.includes('%') || isIP(text) === 0) return 'REFUSED';
  const address = ipaddr.parse(text);
  if (NEVER.some((network) => isWithin(address, network))) return 'REFUSED';
  if (networks.some((network) => isWithin(address, network))) return 'PRIVATE';
  return isPublic(address) ? 'PUBLIC' : 'REFUSED';
}

function isWithin(address: Address, [base, bits]: Network): boolean {
  return address.kind() === base.kind() && address.match([base, bits] as [never, number]);
}

/** Unicast alone: ranges that carry an address of IPv4 (mapped, 6to4, Teredo, NAT64) have names of their own. */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (isWithin(address, GLOBAL) && !isIsatap(address as ipaddr.IPv6));
}

/** An address of IPv4 in the last half, as 2001:db8::5efe:10.0.0.1. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return (parts[4] & 0xfdff) === 0 && parts[5] === 0x5efe;
}
