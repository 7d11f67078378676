/// The scheduler over a whole API server: devices, several schedulers, election.
@NullMarked
package io.j8s.testkit.scheduling;

import org.jspecify.annotations.NullMarked;
