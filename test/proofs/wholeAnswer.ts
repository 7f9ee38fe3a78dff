const GRID = `id code codes { scheme code } name kind areaSquareMetres validFrom validTo
  tier { code name rank } flags { code message } loads { measure value date source }
  manager { id name kind officePhone languages }`;

const HOLDING = `post { id vacant role { code name } grid { id code name } } grid { id code name } rank onDuty reason
  holder { __typename
    ... on Person { id name officePhone languages body { id name officePhone } }
    ... on Body { id name kind officePhone languages } }`;

/** All that an answer itself says: what `validUntil` speaks of. */
export const ANSWER = `
  place { point { lon lat } accuracyMetres confidence } edition
  layers { layer { code name kind } status chain { ${GRID} } grid { id }
    nearby { grid { id code name } distanceMetres } shares { grid { id } share } }
  officer { ${HOLDING} } gridWorker { ${HOLDING} } mediationTeam { ${HOLDING} } holdings { ${HOLDING} }
  notices { code message }`;

/** The answer and all one can reach from it: the tree around, what was and what will be. */
export const WHOLE_ANSWER = `asOf validUntil ${ANSWER}
  layers {
    layer { tiers { code name rank } }
    grid { boundary history { name kind parent { id name } manager { id name } validFrom validTo edition }
      parent { id name children(first: 5) { totalCount edges { node { id code name } } } holdings { ${HOLDING} } } } }`;

export const questionFor = (answer: string) => `
  query ($at: [PlaceInput!]!, $asOf: DateTime, $edition: Int, $category: String, $language: String) {
    ownerships(at: $at, asOf: $asOf, edition: $edition, category: $category, language: $language) { ${answer} } }`;
