/// What people do with the real kubectl, each a test; on simulated nodes where no container is needed.
@NullMarked
package io.j8s.it.kubectl;

import org.jspecify.annotations.NullMarked;
