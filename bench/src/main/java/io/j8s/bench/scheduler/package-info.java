/// How fast the scheduler decides.
@NullMarked
package io.j8s.bench.scheduler;

import org.jspecify.annotations.NullMarked;
