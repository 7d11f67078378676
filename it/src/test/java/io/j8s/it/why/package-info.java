/// `j8s why` against real clusters.
@NullMarked
package io.j8s.it.why;

import org.jspecify.annotations.NullMarked;
