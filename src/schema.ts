import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, type ContainerType } from 'type-graphql';
import { GridResolver } from './grids/api/grid.resolver.ts';
import { LayerResolver } from './grids/api/layer.resolver.ts';
import { OwnershipResolver } from './ownership/ownership.resolver.ts';
import { GridPostsResolver, GridVersionPostsResolver } from './posts/gridPosts.resolver.ts';

/** The GraphQL schema; resolvers are taken from the container when they are asked. */
export function buildApiSchema(container: ContainerType): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [LayerResolver, GridResolver, GridPostsResolver, GridVersionPostsResolver, OwnershipResolver],
    container,
    // Services check what they are given, with words of their own.
    validate: false,
  });
}
