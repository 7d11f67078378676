@NullMarked
package io.j8s.network.proxy;

import org.jspecify.annotations.NullMarked;
