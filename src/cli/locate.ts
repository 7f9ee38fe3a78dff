import { execute, type GraphQLSchema, parse } from 'graphql';
import type { App } from '../app.ts';
import type { Datum } from '../geometry/datum.ts';

export interface LocateInput {
  readonly asOf?: Date;
  readonly edition?: number;
  readonly datum?: Datum;
  readonly json?: boolean;
}

interface Answer {
  readonly edition: number;
  readonly asOf: string;
  readonly layers: readonly {
    readonly layer: { readonly name: string };
    readonly status: string;
    readonly chain: readonly {
      readonly tier: { readonly name: string };
      readonly name: string;
      readonly code: string | null;
    }[];
  }[];
  readonly holdings: readonly {
    readonly post: { readonly role: { readonly name: string } };
    readonly holder: { readonly name: string; readonly officePhone: string | null } | null;
    readonly grid: { readonly name: string } | null;
    readonly reason: string;
  }[];
  readonly notices: readonly { readonly code: string; readonly message: string }[];
}

const QUESTION = parse(`query ($lon: Float!, $lat: Float!, $datum: Datum, $asOf: DateTime, $edition: Int) {
  ownership(at: {point: {lon: $lon, lat: $lat, datum: $datum}}, asOf: $asOf, edition: $edition) {
    place { point { lon lat } accuracyMetres } edition asOf validUntil
    layers { layer { code name } status chain { id tier { code name } name code } nearby { grid { code name } distanceMetres } }
    holdings {
      post { role { code name } } rank reason grid { code name }
      holder { ... on Person { name officePhone } ... on Body { name officePhone } }
    }
    notices { code message }
  }
}`);

/** Asks who is responsible at a point, as a client would, and prints the answer. */
export async function locate(app: App, lon: number, lat: number, { json, ...input }: LocateInput): Promise<void> {
  const answer = await ask(app.schema, {
    lon,
    lat,
    datum: input.datum ?? 'WGS84',
    edition: input.edition,
    asOf: input.asOf?.toISOString(),
  });
  process.stdout.write(`${json ? JSON.stringify(answer, null, 2) : render(answer)}\n`);
}

async function ask(schema: GraphQLSchema, variableValues: Record<string, unknown>): Promise<Answer> {
  const { data, errors } = await execute({ schema, document: QUESTION, variableValues });
  if (errors) throw errors[0].originalError ?? errors[0];
  return JSON.parse(JSON.stringify(data!.ownership));
}

function render({ edition, asOf, layers, holdings, notices }: Answer): string {
  const lines = [`Edition ${edition}, as of ${asOf}`, ''];
  for (const { layer, status, chain } of layers) {
    const grids = chain.map((grid) => `${grid.name} ${grid.code ?? ''} (${grid.tier.name})`);
    lines.push(`${layer.name}: ${grids.join(' ← ') || status}`);
  }
  lines.push('');
  for (const { post, holder, grid, reason } of holdings) {
    const who = holder ? `${holder.name}${holder.officePhone ? ` ${holder.officePhone}` : ''}` : '(vacant)';
    lines.push(
      `${post.role.name}: ${who}${grid ? `, for ${grid.name}` : ''}${reason === 'DIRECT' ? '' : ` [${reason}]`}`,
    );
  }
  for (const { code, message } of notices) lines.push(`! ${code}: ${message}`);
  return lines.join('\n');
}
