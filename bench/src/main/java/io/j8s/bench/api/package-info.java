/// How the API server answers while others write.
@NullMarked
package io.j8s.bench.api;

import org.jspecify.annotations.NullMarked;
