import type { Transaction } from 'kysely';
import type { Database } from '../src/db/tables.ts';
import type { Position } from '../src/geometry/lattice.ts';
import type { PostRepository } from '../src/posts/post.repository.ts';
import type { RoleDraft } from '../src/posts/post.type.ts';
import { readHours } from '../src/sites/hours/readHours.ts';
import type { SiteRepository } from '../src/sites/site.repository.ts';
import type { ChannelDraft, PlaceKind, SiteDraft } from '../src/sites/site.type.ts';
import type { AppointmentPlan, CityPlan, HighlightPlan } from './plan.type.ts';
import { idOf } from './terrain/random.ts';
import { BASE_DATE } from './territory/region.ts';

const OPEN = { validFrom: BASE_DATE, validTo: null };
const LOCAL = { timeZone: 'Asia/Shanghai', buildingId: null, radiusMetres: 15, responseClass: null };
const ROUND_THE_CLOCK = '24/7';
const OFFICE_HOURS = 'Mo-Fr 08:30-12:00,14:00-17:30; 2026-10-01 off';
const RATED = new Date('2022-03-01T00:00:00+08:00');

/** Local practice: who may answer for a place. They sit at no tier. */
const ROLES: readonly RoleDraft[] = [
  placeRole('premises_station', '场所管辖派出所', 91),
  placeRole('street_head', '路段长', 92),
  placeRole('building_head', '楼长', 93),
];

/** A few sites, premises, a street and chat groups of the demo city; all invented. None is at a highlight itself. */
export class SiteSeeds {
  readonly #plan: CityPlan;
  readonly #at: HighlightPlan;
  readonly #officer: AppointmentPlan;
  readonly #station: string;

  constructor(plan: CityPlan) {
    this.#plan = plan;
    this.#at = plan.highlights.firstQuery;
    const beat = this.#at.expect.chains.police[0];
    const post = plan.posts.find(({ roleCode, gridId }) => roleCode === 'community_officer' && gridId === beat)!;
    this.#officer = plan.appointments.find(({ postId }) => postId === post.id)!;
    this.#station = plan.grids.find(({ id }) => id === this.#at.expect.chains.police[2])!.managerId!;
  }

  async load(trx: Transaction<Database>, edition: number, sites: SiteRepository, posts: PostRepository): Promise<void> {
    const centre = this.#site('joint_centre', '一室两中心', 40, 0);
    const rooms = [
      this.#site('self_service_room', '24小时自助警务室', 60, 20),
      this.#site('police_room', '社区警务室', -60, 10, { responseClass: '3' }),
      ...[1, 2, 3].map((n) => this.#site('patrol_station', `街面警务站${n}`, 300 * n, 200, { responseClass: '1' })),
    ];
    const [selfService, policeRoom, ...stations] = rooms;
    await posts.insertRoles(trx, edition, ROLES);
    await sites.insertSites(trx, edition, [centre, ...rooms]);
    const bodies = [this.#station, ...this.#bodies('MEDIATION_TEAM', 2)];
    await sites.insertHoused(trx, edition, [
      ...bodies.map((bodyId) => ({ siteId: centre.id, bodyId, ...OPEN })),
      { siteId: policeRoom.id, bodyId: this.#station, ...OPEN },
    ]);
    const temporaryId = { code: 'temporary_id', name: '临时身份证明' };
    const watch = { code: 'watch', name: '值守' };
    await sites.insertServices(trx, edition, [
      { siteId: selfService.id, ...temporaryId, hours: readHours(ROUND_THE_CLOCK), ...OPEN },
      { siteId: policeRoom.id, ...temporaryId, hours: readHours(OFFICE_HOURS), ...OPEN },
      ...stations.map(({ id }) => ({ siteId: id, ...watch, hours: readHours(ROUND_THE_CLOCK), ...OPEN })),
    ]);
    const stars = { siteId: policeRoom.id, scheme: '星级警务室', most: 5 };
    await sites.insertRatings(trx, edition, [
      { ...stars, stars: 3, validFrom: BASE_DATE, validTo: RATED },
      { ...stars, stars: 4, validFrom: RATED, validTo: null },
    ]);
    const honour = { siteId: policeRoom.id, name: '全市优秀警务室', givenOn: '2022-01-10' };
    const given = new Date('2022-01-10T00:00:00+08:00');
    await sites.insertHonours(trx, edition, [{ ...honour, validFrom: given, validTo: null }]);
    await sites.insertChannels(trx, edition, this.#channels());
    await this.#placePosts(trx, edition, sites, posts);
    // The officer works from the police room, which is not all of the beat.
    const base = { postId: this.#officer.postId, appointmentId: null, siteId: policeRoom.id };
    await sites.insertBases(trx, edition, [{ ...base, ...OPEN }]);
  }

  async #placePosts(trx: Transaction<Database>, edition: number, sites: SiteRepository, posts: PostRepository) {
    const inn = { id: idOf('premises 栖凤客栈'), name: '栖凤客栈', kind: 'inn', point: this.#offset(-40, -50) };
    await sites.insertPremises(trx, edition, [{ ...inn, radiusMetres: 15, ...OPEN }]);
    const street = { id: idOf('line 解放路'), name: '解放路', kind: 'street', toleranceMetres: 10 };
    const path = [this.#offset(-70, -70), this.#offset(0, -65), this.#offset(400, -70)];
    await sites.insertLines(trx, edition, [{ ...street, path, ...OPEN }]);
    const post = (roleCode: string, kind: PlaceKind, id: string) => {
      const gridId = this.#at.expect.chains.police[0];
      return { id: idOf(`post ${roleCode} ${id}`), roleCode, place: { kind, id }, gridId, ...OPEN };
    };
    const ofInn = post('premises_station', 'PREMISES', inn.id);
    const ofStreet = post('street_head', 'LINE', street.id);
    await sites.insertPlacePosts(trx, edition, [ofInn, ofStreet]);
    const rank = 'PRIMARY' as const;
    await posts.insertAppointments(trx, edition, [
      { id: idOf(`appointment ${ofInn.id}`), postId: ofInn.id, holder: { bodyId: this.#station }, rank, ...OPEN },
      { id: idOf(`appointment ${ofStreet.id}`), postId: ofStreet.id, holder: this.#officer.holder, rank, ...OPEN },
    ]);
  }

  #site(kind: string, name: string, east: number, north: number, more: Partial<SiteDraft> = {}): SiteDraft {
    return { id: idOf(`site ${name}`), name, kind, point: this.#offset(east, north), ...LOCAL, ...OPEN, ...more };
  }

  /** Metres from the place of the first query, near enough. */
  #offset(east: number, north: number): Position {
    const { lon, lat } = this.#at;
    const metresPerDegree = 111_195;
    const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7;
    return {
      lon: round(lon + east / (metresPerDegree * Math.cos((lat * Math.PI) / 180))),
      lat: round(lat + north / metresPerDegree),
    };
  }

  #bodies(kind: string, count: number): string[] {
    return this.#plan.bodies
      .filter((body) => body.kind === kind && body.id !== this.#station)
      .slice(0, count)
      .map(({ id }) => id);
  }

  #channels(): ChannelDraft[] {
    const villages = this.#plan.grids
      .filter(({ layer, tier }) => layer === 'governance' && tier === 'village')
      .slice(0, 20);
    return villages.map((village, i) => ({
      id: idOf(`channel ${village.id}`),
      name: `${village.name}平安群`,
      kind: 'village_group',
      link: `https://chat.example.org/g/${i + 1}`,
      members: 100 + 7 * i,
      countedOn: '2021-12-31',
      gridId: village.id,
      buildingId: null,
      validFrom: BASE_DATE > village.validFrom ? BASE_DATE : village.validFrom,
      validTo: null,
    }));
  }
}

function placeRole(code: string, name: string, position: number): RoleDraft {
  return { code, name, answersAs: null, position, categories: [], tiers: [] };
}
