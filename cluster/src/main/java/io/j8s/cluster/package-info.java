/// The program: where its parts are put together and where its commands begin.
@NullMarked
package io.j8s.cluster;

import org.jspecify.annotations.NullMarked;
