/// The network of a node, put together: pod links, routing, services, names.
@NullMarked
package io.j8s.network;

import org.jspecify.annotations.NullMarked;
