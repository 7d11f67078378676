/// Judges the health of nodes by their heartbeats, and marks them so that nothing new comes and what runs leaves, carefully when many fail at once.
@NullMarked
package io.j8s.controllers.nodelifecycle;

import org.jspecify.annotations.NullMarked;
