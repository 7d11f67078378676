/// The server's own view of what is stored: the current objects of each resource, decoded and in order, and their recent changes; and the one way to change them.
@NullMarked
package io.j8s.apiserver.registry;

import org.jspecify.annotations.NullMarked;
