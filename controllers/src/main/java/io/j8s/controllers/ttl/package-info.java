/// Tells nodes how long they may keep secrets and config maps cached: longer in bigger clusters.
@NullMarked
package io.j8s.controllers.ttl;

import org.jspecify.annotations.NullMarked;
