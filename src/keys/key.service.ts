import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { AreaTree } from '../access/areaTree.ts';
import type { RequestContext } from '../access/requestContext.ts';
import { type Areas, areasOf, assertMay } from '../access/viewer.ts';
import { type Page, type PageRequest, pageOf } from '../api/page.type.ts';
import type { ActDetails } from '../audit/act.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { type RefusalBook, recordingRefusal } from '../audit/refusal.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import type { ApiClientInput } from './apiClient.input.ts';
import type { ApiClient, ApiKey, IssuedApiKey } from './apiClient.type.ts';
import { isKeyId } from './apiKey.ts';
import { commonGrid, isClientWithin, readDays, readName, readScope } from './clientScope.ts';
import type { ClientRecord, KeyRecord, KeyRepository } from './key.repository.ts';
import type { KeyRing, NewKey } from './keyRing.ts';

const READ = 'keys.read';
const MANAGE = 'keys.manage';

interface Subject {
  readonly kind: 'api_client' | 'api_key';
  readonly id: string;
}

/**
 * Integrators and their keys, for administrators and auditors of each area that an integrator sees. What lies outside is
 * not there: judged by the tree in memory and again by row security. Every act is recorded in its own transaction.
 */
export class KeyService {
  readonly #repository: KeyRepository;
  readonly #ring: KeyRing;
  readonly #audit: Pick<AuditLog, 'record'>;
  readonly #tree: AreaTree;

  constructor(repository: KeyRepository, ring: KeyRing, audit: Pick<AuditLog, 'record'>, tree: AreaTree) {
    this.#repository = repository;
    this.#ring = ring;
    this.#audit = audit;
    this.#tree = tree;
  }

  /** The integrators that the viewer may see, by name. Throws UNAUTHENTICATED, FORBIDDEN, BAD_INPUT. */
  async listClients(by: RequestContext, page: PageRequest): Promise<Page<ApiClient>> {
    assertMay(by.viewer, READ, 'Query.apiClients');
    const areas = areasOf(by.viewer, READ);
    return this.#repository.seeing(areas, async (trx) => {
      const all = await this.#repository.listClients(trx);
      const seen = all.filter((client) => isClientWithin(this.#tree, areas, client)).sort(byListingKey);
      const found = pageOf('apiClient', seen, page, listingKey, (client) => client);
      const clients = found.edges.map(({ node }) => node);
      const keys = await this.#repository.listKeys(trx, clients);
      const object = { kind: 'api_client', id: 'list' };
      const gridId = commonGrid(this.#tree, areas);
      const details = { count: clients.length };
      await this.#audit.record(trx, by, { action: READ, object, gridId, result: 'READ', details });
      const edges = found.edges.map(({ node, cursor }) => ({ node: this.#show(node, keys), cursor }));
      return { ...found, edges };
    });
  }

  /** Undefined for an unknown id, and just so for an integrator outside the viewer's areas. */
  async findClient(by: RequestContext, id: string): Promise<ApiClient | undefined> {
    assertMay(by.viewer, READ, 'Query.apiClient');
    const areas = areasOf(by.viewer, READ);
    return this.#repository.seeing(areas, async (trx) => {
      const client = await this.#findWithin(trx, areas, id);
      const keys = client ? await this.#repository.listKeys(trx, [client]) : [];
      await this.#audit.record(trx, by, {
        action: READ,
        object: clientSubject(id),
        gridId: client ? commonGrid(this.#tree, client.areas) : null,
        result: client ? 'READ' : 'REFUSED',
      });
      return client && this.#show(client, keys);
    });
  }

  /** Makes an integrator with its first key. Throws BAD_INPUT, NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, BAD_CONFIG. */
  createClient(by: RequestContext, input: ApiClientInput): Promise<IssuedApiKey> {
    const id = randomUUID();
    return this.#attempt(by, 'Mutation.createApiClient', clientSubject(id), (areas) => {
      const days = readDays(input.days);
      const scope = { name: readName(input.name), ...readScope(input, areas, this.#tree) };
      const key = this.#ring.mint(id, days);
      const client = { id, ...scope, createdAt: key.record.createdAt };
      return this.#repository.seeing(areas, async (trx) => {
        await this.#repository.insertClient(trx, client, by.viewer.subject);
        await this.#repository.insertKey(trx, key.record, key.hash);
        await this.#recordDone(trx, by, client, {
          did: 'created',
          name: client.name,
          areas: client.areas === 'everywhere' ? '*' : client.areas,
          actions: client.actions,
          eventTypes: client.eventTypes,
          ...datesOf(key.record),
        });
        return this.#issued(client, [key.record], key);
      });
    });
  }

  /** Adds a key beside the one in use. Throws NOT_FOUND; CONFLICT when two are live; else as createClient. */
  rotateKey(by: RequestContext, clientId: string, days?: number | null): Promise<IssuedApiKey> {
    return this.#attempt(by, 'Mutation.rotateApiKey', clientSubject(clientId), (areas) => {
      const lifetime = readDays(days);
      return this.#repository.seeing(areas, async (trx) => {
        const client = await this.#findWithin(trx, areas, clientId);
        if (!client) throw notFound('clientId', 'integrator');
        const key = this.#ring.mint(client.id, lifetime);
        await this.#repository.insertKey(trx, key.record, key.hash);
        const keys = await this.#repository.listKeys(trx, [client]);
        await this.#recordDone(trx, by, client, { did: 'rotated', ...datesOf(key.record) });
        return this.#issued(client, keys, key);
      });
    });
  }

  /** Ends a key at once; one that was revoked before stays as it is. Throws NOT_FOUND, FORBIDDEN, UNAUTHENTICATED. */
  async revokeKey(by: RequestContext, keyId: string): Promise<ApiKey> {
    const subject: Subject = { kind: 'api_key', id: isKeyId(keyId) ? keyId : 'unknown' };
    const key = await this.#attempt(by, 'Mutation.revokeApiKey', subject, (areas) =>
      this.#repository.seeing(areas, async (trx) => {
        const client = isKeyId(keyId) ? await this.#repository.findClientOfKey(trx, keyId) : undefined;
        if (!client || !isClientWithin(this.#tree, areas, client)) throw notFound('keyId', 'key');
        const revoked = await this.#repository.revokeKey(trx, keyId);
        await this.#recordDone(trx, by, client, { did: 'revoked', key: keyId });
        return revoked;
      }),
    );
    this.#ring.forget(keyId);
    return this.#showKey(key);
  }

  async #findWithin(trx: Transaction<Database>, areas: Areas, id: string): Promise<ClientRecord | undefined> {
    const client = isUuid(id) ? await this.#repository.findClient(trx, id) : undefined;
    return client && isClientWithin(this.#tree, areas, client) ? client : undefined;
  }

  /** Runs an act of somebody who may act somewhere, and records it where it is refused to somebody who is signed in. */
  #attempt<T>(by: RequestContext, field: string, object: Subject, act: (areas: Areas) => Promise<T>): Promise<T> {
    const book: RefusalBook = {
      audit: this.#audit,
      within: (areas, work) => this.#repository.seeing(areas, work),
    };
    return recordingRefusal(book, by, { right: MANAGE, field, object, details: { field } }, act);
  }

  #recordDone(trx: Transaction<Database>, by: RequestContext, client: ClientRecord, details: ActDetails) {
    const gridId = commonGrid(this.#tree, client.areas);
    const object = clientSubject(client.id);
    return this.#audit.record(trx, by, { action: MANAGE, object, gridId, result: 'DONE', details });
  }

  #issued(client: ClientRecord, keys: readonly KeyRecord[], key: NewKey): IssuedApiKey {
    return { secret: key.text, key: this.#showKey(key.record), client: this.#show(client, keys) };
  }

  #show({ id, name, areas, actions, eventTypes, createdAt }: ClientRecord, keys: readonly KeyRecord[]): ApiClient {
    const [areaIds, everywhere] = areas === 'everywhere' ? [[], true] : [areas, false];
    const own = keys.filter(({ clientId }) => clientId === id).map((key) => this.#showKey(key));
    return { id, name, areaIds, everywhere, actions, eventTypes, createdAt, keys: own };
  }

  #showKey(key: KeyRecord): ApiKey {
    const { id, createdAt, expiresAt, revokedAt } = key;
    return { id, createdAt, expiresAt, revokedAt, live: this.#ring.isLive(key) };
  }
}

/** By name, then by id, as text: names have no line ends. */
const listingKey = ({ name, id }: ClientRecord): string => `${name}\n${id}`;
const byListingKey = (a: ClientRecord, b: ClientRecord) => (listingKey(a) < listingKey(b) ? -1 : 1);

/** Text that is no id may be anything, a whole key too, and is not written down. */
const clientSubject = (id: string): Subject => ({ kind: 'api_client', id: isUuid(id) ? id : 'unknown' });

const datesOf = ({ id, expiresAt }: KeyRecord) => ({ key: id, expiresAt: expiresAt.toISOString() });

/** The same words for what does not exist and for what is another's; what was asked is not repeated: it may be a key. */
function notFound(field: string, kind: string): DomainError {
  const message = `${field}: there is no ${kind} of this id; \`apiClients\` lists those that you may see.`;
  return new DomainError('NOT_FOUND', message, { field });
}
