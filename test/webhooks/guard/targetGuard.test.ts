import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readNetwork } from '../../../src/config/forms.ts';
import { mintSecret, sealSecret } from '../../../src/webhooks/delivery/sending/secretSeal.ts';
import { Sender } from '../../../src/webhooks/delivery/sending/sender.ts';
import { judgeAddress } from '../../../src/webhooks/guard/addressRange.ts';
import { type Resolver, TargetGuard } from '../../../src/webhooks/guard/targetGuard.ts';
import { ANSWERS, HOSTS, URLS } from './forms.ts';

const PUBLIC_ADDRESS = '192.0.79.32';
const KEY = Buffer.alloc(32, 1);
const ROW = { id: 's', endpointId: 'e' };
const secrets = [{ ...ROW, sealed: sealSecret(KEY, ROW, mintSecret()) }];

let server: Server;
let port = 0;
let connections = 0;
const senders: Sender[] = [];

beforeAll(async () => {
  // On all addresses of this host, of both families where it has them.
  server = createServer((_request, response) => response.writeHead(204).end());
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((done) => {
    server.once('error', () => server.listen(0, '0.0.0.0', done));
    server.listen(0, '::', done);
  });
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  connections = 0;
});
afterAll(async () => {
  for (const sender of senders) await sender.close();
  server.closeAllConnections();
  server.close();
});

function send(guard: Pick<TargetGuard, 'addressesOf'>, url: string) {
  const sender = new Sender(guard as TargetGuard, KEY, { timeoutMs: 400, mostAtOnce: 8 });
  senders.push(sender);
  return sender.send({ url, secrets, id: 'i', body: '{}', at: new Date() }, new AbortController().signal);
}

/** Gives one answer after the other, and the last for ever. */
function answering(...answers: string[][]): Resolver & { readonly asked: string[] } {
  const asked: string[] = [];
  const resolve = async (host: string) => {
    asked.push(host);
    return answers[Math.min(asked.length, answers.length) - 1].map((address) => ({ address }));
  };
  return Object.assign(resolve, { asked });
}

describe('a receiver that only this host can reach', () => {
  it.each(HOSTS)('is not registered and not connected to: %s', async (host) => {
    const url = `https://${host}:${port}/`;
    const guard = new TargetGuard([], answering(['127.0.0.1']));
    expect(() => guard.readUrl(url)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    expect((await send(guard, url)).error).toMatch(/^(ADDRESS_REFUSED|CONNECTION_LOST)$/);
    expect((await send(guard, url.replace('https', 'http'))).error).toMatch(/^(ADDRESS_REFUSED|CONNECTION_LOST)$/);
    expect(connections).toBe(0);
  });

  it.each(URLS)('is not registered and not connected to: %j', async (text) => {
    const url = text.replaceAll('PORT', String(port));
    const guard = new TargetGuard([], answering(['127.0.0.1']));
    expect(() => guard.readUrl(url)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    expect((await send(guard, url)).error).not.toBeNull();
    expect(connections).toBe(0);
  });

  it.each(ANSWERS)('is not connected to where a public name leads there: %j', async (address) => {
    for (const answer of [[address], [PUBLIC_ADDRESS, address], [address, PUBLIC_ADDRESS]]) {
      const guard = new TargetGuard([], answering(answer));
      expect(guard.readUrl(`https://hooks.example.org:${port}/`)).toBe(`https://hooks.example.org:${port}/`);
      expect((await send(guard, `https://hooks.example.org:${port}/`)).error).toBe('ADDRESS_REFUSED');
    }
    expect(connections).toBe(0);
  });

  it('is not connected to by a name that has no address, or without encryption', async () => {
    expect((await send(new TargetGuard([], answering([])), 'https://a.example/')).error).toBe('ADDRESS_REFUSED');
    expect((await send(new TargetGuard([], answering([PUBLIC_ADDRESS])), 'http://a.example/')).error).toBe(
      'ADDRESS_REFUSED',
    );
  });
});

describe('a name that leads elsewhere when it is asked again', () => {
  // Allowed first, where nothing listens; then this host, which is not. So that no test leaves the machine.
  const networks = ['127.0.0.2/32'];
  const newResolver = () => answering(['127.0.0.2'], ['127.0.0.1']);
  let inner: Server;
  let seen = 0;
  beforeAll(async () => {
    inner = createServer().on('connection', () => {
      seen += 1;
    });
    await new Promise<void>((done) => inner.listen(0, '127.0.0.1', done));
  });
  afterAll(() => inner.close());
  const url = () => `https://hooks.example.org:${(inner.address() as AddressInfo).port}/`;

  it('is asked once, and the connection goes to what was checked', async () => {
    const resolve = newResolver();
    expect((await send(new TargetGuard(networks, resolve), url())).error).toBe('CONNECTION_REFUSED');
    expect(resolve.asked).toEqual(['hooks.example.org']);
    expect(seen).toBe(0);
  });

  it('would be connected to by a guard that checks the name and lets it be resolved again', async () => {
    const resolve = newResolver();
    const guard = new TargetGuard(networks, resolve);
    const broken = {
      addressesOf: async (host: string, encrypted: boolean) => {
        await guard.addressesOf(host, encrypted);
        return (await resolve(host)).map(({ address }) => ({ address, family: 4 as const }));
      },
    };
    await send(broken, url());
    expect(seen).toBe(1);
  });
});

describe('a private network that the settings name', () => {
  const guard = () => new TargetGuard(['127.0.0.0/8', 'fd12::/16'], answering(['127.0.0.1']));

  it('is sent to, by address and by name, over http too', async () => {
    expect(guard().readUrl(`http://127.1:${port}/a`)).toBe(`http://127.0.0.1:${port}/a`);
    expect((await send(guard(), `http://127.0.0.1:${port}/`)).httpStatus).toBe(204);
    expect((await send(guard(), `http://station:${port}/`)).httpStatus).toBe(204);
    expect(connections).toBe(2);
  });

  it.each(['10.0.0.1', '192.168.0.1', '[::1]', '[fd13::1]', '[::ffff:127.0.0.1]'])(
    'opens nothing else: %s',
    async (host) => {
      expect(() => guard().readUrl(`https://${host}/`)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    },
  );

  it('never opens what hands out credentials, nor this host by its other names', () => {
    const networks = ['0.0.0.0/0', '::/0'].map((text) => readNetwork(text)!);
    for (const address of [
      '169.254.169.254',
      '100.100.100.200',
      '168.63.129.16',
      '0.0.0.0',
      'fd00:ec2::254',
      'fe80::1',
      '::',
      'ff02::1',
    ]) {
      expect([address, judgeAddress(address, networks)]).toEqual([address, 'REFUSED']);
    }
  });

  it.each(['127.0.0.1', '10/8', '10.1/16', 'example.org', '', '10.0.0.0/33', '::/129', '0x7f.0.0.0/8'])(
    'is written in full: not %j',
    (text) => {
      expect(() => new TargetGuard([text])).toThrow(TypeError);
    },
  );
});

describe('addresses at random', () => {
  /** What IANA lists as not of the public internet. */
  const SPECIAL = [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
  ]
    .concat(['192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'])
    .map((text) => {
      const [base, bits] = text.split('/');
      const first = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
      return { first, size: 2 ** (32 - Number(bits)) };
    });
  const textOf = (n: number) => [24, 16, 8, 0].map((bits) => (n >>> bits) & 255).join('.');
  const special = fc
    .constantFrom(...SPECIAL)
    .chain(({ first, size }) => fc.nat(size - 1).map((n) => textOf(first + n)));

  it('of special blocks are refused, and within IPv6 too', () => {
    fc.assert(
      fc.property(special, (text) => {
        const [a, b] = [0, 2].map((at) =>
          ipaddr.IPv4.parse(text)
            .octets.slice(at, at + 2)
            .reduce((sum, octet) => sum * 256 + octet, 0)
            .toString(16),
        );
        const inside = [
          `::ffff:${text}`,
          `::${a}:${b}`,
          `64:ff9b::${a}:${b}`,
          `2002:${a}:${b}::1`,
          `2001:0:${a}:${b}::1`,
        ];
        for (const address of [text, ...inside]) if (judgeAddress(address, []) !== 'REFUSED') return false;
        return true;
      }),
    );
  });

  it('of the public internet are taken', () => {
    for (const address of [
      '1.1.1.1',
      '93.184.216.34',
      '223.255.255.254',
      '126.255.255.255',
      '128.0.0.1',
      '2606:4700::1111',
      '2a00:1450:4001::1',
    ]) {
      expect([address, judgeAddress(address, [])]).toEqual([address, 'PUBLIC']);
    }
  });
});
