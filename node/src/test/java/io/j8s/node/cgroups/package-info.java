/// What is read from control groups of both versions.
@NullMarked
package io.j8s.node.cgroups;

import org.jspecify.annotations.NullMarked;
