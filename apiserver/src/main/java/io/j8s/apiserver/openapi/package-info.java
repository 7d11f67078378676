/// OpenAPI v2 and v3 of all that is served, worked out from types and declarations when somebody asks, and kept until it changes.
@NullMarked
package io.j8s.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
