/// Hosts of their own for tests, and programs that run on them or beside them.
@NullMarked
package io.j8s.it.host;

import org.jspecify.annotations.NullMarked;
