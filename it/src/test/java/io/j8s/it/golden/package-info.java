/// Recorded conversations of the real API server, replayed against ours.
@NullMarked
package io.j8s.it.golden;

import org.jspecify.annotations.NullMarked;
