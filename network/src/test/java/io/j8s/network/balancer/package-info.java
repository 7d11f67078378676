@NullMarked
package io.j8s.network.balancer;

import org.jspecify.annotations.NullMarked;
