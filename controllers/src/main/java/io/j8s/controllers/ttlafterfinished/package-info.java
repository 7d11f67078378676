/// Deletes finished jobs when their time is up.
@NullMarked
package io.j8s.controllers.ttlafterfinished;

import org.jspecify.annotations.NullMarked;
