/// What containers are told about themselves and their surroundings: environment variables and the fields of the downward API.
@NullMarked
package io.j8s.node.environment;

import org.jspecify.annotations.NullMarked;
