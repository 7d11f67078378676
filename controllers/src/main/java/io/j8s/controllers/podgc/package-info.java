/// Removes pods that nobody else will: on nodes that are gone or out of service, never scheduled but deleted, or finished when there are too many.
@NullMarked
package io.j8s.controllers.podgc;

import org.jspecify.annotations.NullMarked;
