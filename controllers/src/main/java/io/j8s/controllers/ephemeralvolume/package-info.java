/// Makes the claims of pods' generic ephemeral volumes.
@NullMarked
package io.j8s.controllers.ephemeralvolume;

import org.jspecify.annotations.NullMarked;
