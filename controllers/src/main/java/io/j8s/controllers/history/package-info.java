/// Pod templates kept as ControllerRevisions, to tell old pods from new and to go back.
@NullMarked
package io.j8s.controllers.history;

import org.jspecify.annotations.NullMarked;
