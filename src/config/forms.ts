import ipaddr from 'ipaddr.js';
import { z } from 'zod';

export const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

export const flag = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });

export const postgresUrl = z.string().refine((text) => {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol);
}, 'must look like postgres://user:password@host:5432/database');

export const timeZone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}, 'must be the IANA name of a time zone, such as Asia/Shanghai');

export const origins = z.string().transform((text, context): '*' | string[] => {
  if (text === '*') return '*';
  const listed = text.split(',').map((origin) => origin.trim());
  const bad = listed.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (bad !== undefined) context.addIssue(`${bad} is not an origin such as https://map.example.org, without a path`);
  return listed;
});

export const webAddress = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}, 'must be an https address');

const ASYMMETRIC = /^(RS|PS|ES)(256|384|512)$|^EdDSA$/;
export const algorithms = z.string().transform((text, context): string[] => {
  const listed = text.split(',').map((name) => name.trim());
  const bad = listed.find((name) => !ASYMMETRIC.test(name));
  if (bad !== undefined) context.addIssue(`${bad} is no asymmetric signature algorithm such as RS256, ES256 or EdDSA`);
  return listed;
});

export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A network such as 10.0.0.0/8 or fd12:3456::/32; undefined for what is none. */
export function readNetwork(text: string): Network | undefined {
  const trimmed = text.trim();
  const strict = /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(trimmed) || trimmed.includes(':');
  return strict && ipaddr.isValidCIDR(trimmed) ? ipaddr.parseCIDR(trimmed) : undefined;
}

/** Networks in CIDR notation, separated by commas. */
export const networks = z.string().transform((text, context): string[] => {
  const listed = text.split(',').map((network) => network.trim());
  const bad = listed.find((network) => !readNetwork(network));
  if (bad !== undefined) context.addIssue(`${bad} is not a network such as 10.0.0.0/8 or fd00::/8`);
  return listed;
});
