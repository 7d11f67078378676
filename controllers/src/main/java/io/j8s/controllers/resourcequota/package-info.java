/// Keeps what ResourceQuotas say is used.
@NullMarked
package io.j8s.controllers.resourcequota;

import org.jspecify.annotations.NullMarked;
