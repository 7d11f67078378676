/// Structural schemas: what a CustomResourceDefinition says of its objects, turned into a [io.j8s.model.Type], and what is done with objects by such a schema:
/// defaulting, pruning, validation.
@NullMarked
package io.j8s.model.schema;

import org.jspecify.annotations.NullMarked;
