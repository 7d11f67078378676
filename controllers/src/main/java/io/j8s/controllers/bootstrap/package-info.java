/// Deletes bootstrap tokens, with which new nodes introduce themselves, when they have expired.
@NullMarked
package io.j8s.controllers.bootstrap;

import org.jspecify.annotations.NullMarked;
