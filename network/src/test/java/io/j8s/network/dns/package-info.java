@NullMarked
package io.j8s.network.dns;

import org.jspecify.annotations.NullMarked;
