/// Looking at containers from outside: probes and the HTTP part of lifecycle hooks.
@NullMarked
package io.j8s.node.probes;

import org.jspecify.annotations.NullMarked;
