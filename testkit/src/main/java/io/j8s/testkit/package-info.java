/// A whole cluster inside a JVM test: real API server, controllers and scheduler, simulated nodes, everything in memory and a temporary folder.
@NullMarked
package io.j8s.testkit;

import org.jspecify.annotations.NullMarked;
