/// Makes a node answer for the addresses that load balancers of the built-in cloud were given.
@NullMarked
package io.j8s.network.balancer;

import org.jspecify.annotations.NullMarked;
