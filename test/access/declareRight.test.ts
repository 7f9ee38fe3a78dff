import 'reflect-metadata';
import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { emptyApiSchema } from '../../schema/apiText.ts';
import { listRights, rightsOf } from '../../src/access/declareRight.ts';
import { ACTIONS, RIGHTS, ROLES } from '../../src/access/rights.ts';
import { areasOf, may, PUBLIC, roleFor, systemViewer, type Viewer } from '../../src/access/viewer.ts';

const someone = (...grants: Viewer['grants']): Viewer => ({ kind: 'person', subject: 'x', grants });

describe('a schema', () => {
  it('with a field that declares no right does not build, and every such field is named', () => {
    const schema = buildSchema('type Query { a: Int b: Thing } type Thing { c: Int }');
    schema.getQueryType()!.getFields().a.extensions = { right: 'registry.read' };
    expect(() => listRights(schema)).toThrow(/^Without a declared right: Query.b, Thing.c\./);
    schema.getQueryType()!.getFields().b.extensions = { right: 'everything' };
    expect(() => listRights(schema)).toThrow(/Query.b/);
  });
});

describe('the rights that a document takes', () => {
  const schema = emptyApiSchema();
  const rights = (text: string) => Object.fromEntries(rightsOf(schema, parse(text)));

  it('are those of all its fields, through fragments, aliases and every operation', () => {
    expect(rights('{ layers { code } }')).toEqual({ 'registry.read': 'Query.layers' });
    expect(
      rights(`query A { ...F } query B { me: viewer { subject } }
        fragment F on Query { ... on Query { file: staffFile(personId: "1") { person { name } } } }`),
    ).toEqual({ 'viewer.read': 'Query.viewer', 'staff.read': 'Query.staffFile', 'registry.read': 'Person.name' });
    expect(rights('{ __typename __schema { types { name } } }')).toEqual({});
  });
});

describe('the table of rights', () => {
  const whoMay = (action: (typeof ACTIONS)[number]) => Object.keys(RIGHTS[action]);

  it('gives the public the registry, its own name and a word about faults, and nothing else', () => {
    expect(ACTIONS.filter((action) => may(PUBLIC, action))).toEqual([
      'registry.read',
      'viewer.read',
      'discrepancies.report',
    ]);
    for (const role of ROLES) expect(RIGHTS['registry.read'][role]).toBe('ANYWHERE');
  });

  it('keeps the audit from those whom it is about, and keys from all but administrators', () => {
    expect(whoMay('audit.read')).toEqual(['auditor']);
    expect(whoMay('keys.manage')).toEqual(['admin']);
    expect(whoMay('staff.read')).not.toContain('integrator');
  });

  it('shows the public nothing of incidents, practice, visits and figures', () => {
    const ofMatters = ACTIONS.filter((action) => /^(incidents|practice|visits|figures)\./.test(action));
    expect(ofMatters).toHaveLength(11);
    for (const action of ofMatters)
      expect([action, whoMay(action)]).toEqual([action, expect.not.arrayContaining(['public'])]);
    expect(ofMatters.filter((action) => may(PUBLIC, action))).toEqual([]);
  });

  it('keeps narratives and exact places for those who handle matters', () => {
    expect(whoMay('incidents.unseal')).toEqual(['grid_worker', 'officer', 'mediator', 'dispatcher']);
    expect(whoMay('incidents.unseal')).toEqual(whoMay('incidents.handle'));
    for (const role of ROLES) expect(RIGHTS['incidents.unseal'][role]).not.toBe('ANYWHERE');
  });

  it('lets administrators alone have events sent elsewhere, and auditors look at it', () => {
    expect(RIGHTS['webhooks.manage']).toEqual({ admin: 'OWN_AREA' });
    expect(RIGHTS['webhooks.read']).toEqual({ admin: 'OWN_AREA', auditor: 'OWN_AREA' });
  });

  it('lets nobody follow a feed who does not sign in, and each follow incidents as far as he or she reads them', () => {
    const schema = emptyApiSchema();
    const feeds = schema.getSubscriptionType()!.getFields();
    const rightOf = (text: string) => [...rightsOf(schema, parse(text)).keys()][0];
    for (const name of Object.keys(feeds)) {
      const right = rightOf(`subscription { ${name} { __typename } }`);
      expect([name, right]).toEqual([name, name === 'incidentFeed' ? 'incidents.read' : 'editions.follow']);
      expect(whoMay(right)).not.toContain('public');
    }
    // Whoever polls sees what whoever follows does.
    for (const name of ['incident', 'boundary', 'ownership'] as const) {
      expect(rightOf(`{ ${name}Events { __typename } }`)).toBe(rightOf(`subscription { ${name}Feed { __typename } }`));
    }
  });

  it('lets administrators alone set local practice, and only of their area', () => {
    expect(RIGHTS['practice.manage']).toEqual({ admin: 'OWN_AREA' });
  });

  it('lets matters be reported of any place, and read and directed in the own area only', () => {
    expect(new Set(Object.values(RIGHTS['incidents.report']))).toEqual(new Set(['ANYWHERE']));
    expect(whoMay('incidents.report')).not.toContain('auditor');
    for (const action of ['incidents.read', 'incidents.direct', 'visits.read', 'figures.read'] as const) {
      expect(new Set(Object.values(RIGHTS[action]))).toEqual(new Set(['OWN_AREA']));
    }
    expect(whoMay('incidents.direct')).toEqual(['officer', 'dispatcher', 'admin']);
  });

  it('lets those who walk record visits, and others judge them', () => {
    expect(whoMay('visits.record')).toContain('grid_worker');
    expect(whoMay('visits.review')).toEqual(['officer', 'dispatcher', 'admin']);
  });

  it('lets other systems report matters and read them, and nothing else of them', () => {
    const ofSystems = ACTIONS.filter((action) => 'integrator' in RIGHTS[action]);
    expect(ofSystems.filter((action) => /^(incidents|practice|visits|figures)\./.test(action))).toEqual([
      'incidents.report',
      'incidents.read',
      'practice.read',
    ]);
  });

  it('lets administrators alone act on staff, and auditors look at what is wrong with it', () => {
    expect(whoMay('staff.manage')).toEqual(['admin']);
    expect(whoMay('staff.audit')).toEqual(['admin', 'auditor']);
    for (const role of ROLES) expect(RIGHTS['staff.manage'][role as 'admin']).not.toBe('ANYWHERE');
  });
});

describe('a viewer', () => {
  it('has a right in the areas of all grants that give it, and nowhere else', () => {
    const viewer = someone({ role: 'officer', areas: ['a', 'b'] }, { role: 'auditor', areas: ['c', 'b'] });
    expect(areasOf(viewer, 'staff.read')).toEqual(['a', 'b', 'c']);
    expect(areasOf(viewer, 'audit.read')).toEqual(['c', 'b']);
    expect(areasOf(viewer, 'keys.manage')).toEqual([]);
    expect(areasOf(viewer, 'registry.read')).toBe('everywhere');
    expect(roleFor(viewer, 'audit.read')).toBe('auditor');
  });

  it('with a role but no area may nothing', () => {
    const nowhere = someone({ role: 'admin', areas: [] });
    expect(ACTIONS.filter((action) => may(nowhere, action))).toEqual([]);
    expect(areasOf(nowhere, 'keys.manage')).toEqual([]);
  });

  it('by a key may only what the key was issued for', () => {
    const key: Viewer = {
      ...someone({ role: 'integrator', areas: ['a'] }),
      kind: 'key',
      actions: new Set(['viewer.read', 'keys.manage']),
    };
    expect(ACTIONS.filter((action) => may(key, action))).toEqual(['viewer.read']);
  });

  it('everywhere is everywhere, and the registry itself may all', () => {
    expect(areasOf(someone({ role: 'admin', areas: ['a'] }, { role: 'admin', areas: 'everywhere' }), 'keys.read')).toBe(
      'everywhere',
    );
    expect(areasOf(systemViewer('cli'), 'audit.read')).toBe('everywhere');
  });
});
