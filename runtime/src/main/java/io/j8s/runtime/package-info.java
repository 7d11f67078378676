/// Time, waiting, threads and randomness: the only package that may touch the process's own. Everything else gets a [Timeline].
@NullMarked
package io.j8s.runtime;

import org.jspecify.annotations.NullMarked;
