/// Tells whoever enlarges volumes that a claim asks for more than it has.
@NullMarked
package io.j8s.controllers.volumeexpand;

import org.jspecify.annotations.NullMarked;
